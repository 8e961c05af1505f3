using HilRig.Analysis.Drift;
using HilRig.Analysis.SignOff;

namespace HilRig.Bench.Targets;

/// <summary>What a sign-off costs and how often it errs; changes within a night; coverage of intervals.</summary>
internal static class SignOffTargets
{
    private const double Limit = 1e-3;
    private const double Confidence = 0.95;
    private const int Boards = 24;

    /// <summary>Row 12: at a failure probability of exactly the limit every claim is an error.</summary>
    public static TargetRow Cost(int draws)
    {
        var cost = (double)AnytimeBound.Cycles(0, Limit, Confidence) / ZeroFailurePlan.Cycles(Limit, Confidence);
        var varied = (double)Fewest(StoppingRule.Anytime) / Fewest(StoppingRule.Fixed);
        var alike = Errors(draws, _ => 1, (boards, limit) => AnytimeBound.LogEvidence((long)boards.Sum(board => board.Failures), (long)boards.Sum(board => board.Cycles), limit));
        var some = Errors(draws / 4, random => Draw(random, 1), (boards, limit) => VariedBound.LogEvidence(boards, limit, 2));
        var wide = Errors(draws / 4, random => Draw(random, 2), (boards, limit) => VariedBound.LogEvidence(boards, limit, 2));
        var sessions = Sessions(draws);
        return new TargetRow(12, "sign-off watched all the time: cycles against the fixed plan with the same promise; errors at exactly the limit (up to 20/p)", "1.00 ×", "≤ 1.15 ×, error ≤ 5 % incl. boards that differ and bad sessions",
            $"{cost:0.00} ×, with `board-variation: 2` {varied:0.00} × (fixed {(double)Fewest(StoppingRule.Fixed) / ZeroFailurePlan.Cycles(Limit, Confidence):0.00} times as dear as for boards alike); error {Figures.Share(alike, draws)}, 24 boards with CV 1 {Figures.Share(some, draws / 4)}, CV 2 {Figures.Share(wide, draws / 4)}, bad sessions of ten cycles with `unit: session` {Figures.Share(sessions, draws)}",
            cost <= 1.15 && varied <= 1.15 && alike <= 0.05 * draws && some <= 0.05 * draws / 4 && wide <= 0.05 * draws / 4 && sessions <= 0.05 * draws, 2 * draws + draws / 2, "");

        static long Fewest(StoppingRule rule) =>
            new SignOffPlan("", Limit, Confidence, rule, 0, [.. Enumerable.Range(0, Boards).Select(board => $"{board}")], new Dictionary<string, double>(), 0) { BoardVariation = 2 }.Cycles;

        static double Draw(Random random, double variation) => MathNet.Numerics.Distributions.Gamma.Sample(random, 1 / (variation * variation), 1 / (variation * variation));
    }

    /// <summary>Campaigns on boards that take turns, each with its own multiple of the limit, that claim the limit although the kind of board is exactly there.</summary>
    private static int Errors(int draws, Func<Random, double> multiple, Func<IReadOnlyList<BoardCount>, double, double> evidence) => Enumerable.Range(0, draws).AsParallel().Count(seed =>
    {
        var random = new Random(seed);
        var rates = Enumerable.Range(0, Boards).Select(_ => Math.Min(0.5, Limit * multiple(random))).ToList();
        var rounds = (int)(20 / Limit / Boards);
        // Between two failures the evidence only grows: it is enough to look just before each, and at the end.
        var failures = rates.Index().SelectMany(board => Times(random, board.Item, rounds).Select(round => (Round: round, Board: board.Index))).Order().ToList();
        var counts = new double[Boards];
        foreach (var (round, board) in failures.Append((rounds, -1)))
        {
            if (evidence([.. counts.Select(count => new BoardCount(count, round))], Limit) >= -Math.Log(1 - Confidence))
                return true;
            if (board >= 0)
                counts[board]++;
        }
        return false;
    });

    /// <summary>Sessions of ten cycles, all of which fail in one session of a thousand: a count of cycles would be sure ten times too soon.</summary>
    private static int Sessions(int draws) => Enumerable.Range(0, draws).Count(seed =>
    {
        var (random, last, failed) = (new Random(seed), (int)(20 / Limit), 0);
        foreach (var session in Times(random, Limit, last).Append(last))
        {
            if (AnytimeBound.LogEvidence(failed, session, Limit) >= -Math.Log(1 - Confidence))
                return true;
            failed++;
        }
        return false;
    });

    private static IEnumerable<int> Times(Random random, double rate, int end)
    {
        for (var at = Gap(); at < end; at += 1 + Gap())
            yield return at;

        int Gap() => rate <= 0 ? end : (int)Math.Min(end, Math.Log(1 - random.NextDouble()) / Math.Log(1 - rate));
    }

    /// <summary>Row 13.</summary>
    public static TargetRow Alarm(int draws)
    {
        const int trials = 30_000;
        var delays = new List<double>();
        var alarms = 0;
        for (var seed = 0; seed < draws; seed++)
        {
            var random = new Random(213_000 + seed);
            if (Watch(random, _ => 1e-4, trials) is not null)
                alarms++;
            if (Watch(random, trial => trial < trials / 2 ? 1e-4 : 1e-3, trials) is { } at && at >= trials / 2)
                delays.Add(at - trials / 2);
        }
        return new TargetRow(13, "change × 10 at base 1e-4 at half of 30,000 trials: noticed in the night; delay; false alarms of quiet nights", "mean delay about 4,900", "≥ 97 %, ≤ 1 false in 1,000 nights",
            $"{Figures.Share(delays.Count, draws)}; delay {Figures.Quantile(delays, 0.5):0} median, {Figures.Quantile(delays, 0.9):0} for 90 %; false {Figures.Share(alarms, draws)}", delays.Count >= 0.97 * draws && 1000L * alarms <= draws, 2 * draws,
            "15,000 trials are left after the change and hold 15 failures on average; a lower limit would give more false alarms. The server watches each flag of the product so, the last 24 hours against the upper 80 % bound of all before");

        static int? Watch(Random random, Func<int, double> rate, int trials)
        {
            var cusum = Cusum.Over(1e-4);
            for (var trial = 0; trial < trials; trial++)
            {
                if (random.NextDouble() < rate(trial))
                    cusum.Failure();
                else
                    cusum.Pass();
                if (cusum.Alarm)
                    return trial;
            }
            return null;
        }
    }

    /// <summary>Row 14.</summary>
    public static TargetRow Place(int draws)
    {
        const int half = ChangedNight.Trials / 2;
        var parts = new List<(string Text, bool Met)>();
        foreach (var (rate, target) in new[] { (1e-4, 700.0), (5e-4, 180.0) })
        {
            var errors = new List<double>();
            for (var seed = 0; seed < draws; seed++)
            {
                if (ChangePoint.Find(ChangedNight.Draw(new Random(seed), rate, 10, half), ChangedNight.Trials) is { } change)
                    errors.Add(Math.Abs(change.Trial - half));
            }
            var median = Figures.Quantile(errors, 0.5);
            parts.Add(($"base {rate:0.#e+0}: ± {median:0} median where claimed, {Figures.Share(errors.Count, draws)}", median <= target));
        }
        return new TargetRow(14, "place of a change × 10, in trials", "1,000 and 200: the gap between failures after it", "≤ 700 and ≤ 180", string.Join("; ", parts.Select(part => part.Text)), parts.All(part => part.Met), 2 * draws,
            "the place is between the last failure before and the first after the change; no method sees further");
    }
}
