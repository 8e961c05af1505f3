using HilRig.Analysis.Drift;
using HilRig.Analysis.Rates;
using HilRig.Analysis.SignOff;

namespace HilRig.Bench.Targets;

/// <summary>What a sign-off costs and how often it errs; changes within a night; coverage of intervals.</summary>
internal static class SignOffTargets
{
    private const double Limit = 1e-3;
    private const double Confidence = 0.95;

    /// <summary>Row 12: at a failure probability of exactly the limit every claim is an error.</summary>
    public static TargetRow Cost(int draws)
    {
        var needed = Enumerable.Range(0, 30).Select(failures => AnytimeBound.Cycles(failures, Limit, Confidence)).ToArray();
        var cost = (double)needed[0] / ZeroFailurePlan.Cycles(Limit, Confidence);
        var (alike, spread) = (Errors(_ => Limit), Errors(random => MeanOfBoards(random, 24, 1)));
        return new TargetRow(12, "sign-off watched all the time: cycles against the fixed plan; errors at exactly the limit (up to 20/p)", "1.00 ×", "≤ 1.15 ×, error ≤ 5 % incl. boards that differ and bad sessions",
            $"{cost:0.00} ×; error {Figures.Share(alike, draws)}, with 24 boards that differ (CV 1) {Figures.Share(spread, draws)}", cost <= 1.15 && alike <= 0.05 * draws && spread <= 0.05 * draws, 2 * draws,
            "boards of CV 2 and bad sessions were not drawn; the mixture is spread so that a plan which allows failures stays cheap; boards that differ make any count of cycles too sure, which is why the share of bad boards is printed beside it");

        int Errors(Func<Random, double> draw) => Enumerable.Range(0, draws).Count(seed =>
        {
            var random = new Random(seed);
            var (rate, cycle) = (draw(random), 0.0);
            for (var failures = 0; failures < needed.Length; failures++)
            {
                cycle += Math.Ceiling(Math.Log(1 - random.NextDouble()) / Math.Log(1 - rate));
                // The claim is made before the next failure where there are cycles enough up to it.
                if (Math.Min(cycle - 1, 20 / Limit) >= needed[failures])
                    return true;
                if (cycle > 20 / Limit)
                    break;
            }
            return false;
        });
    }

    /// <summary>Row 13.</summary>
    public static TargetRow Alarm(int draws)
    {
        const int trials = 30_000;
        var delays = new List<double>();
        var alarms = 0;
        for (var seed = 0; seed < draws; seed++)
        {
            var random = new Random(seed);
            if (Watch(random, _ => 1e-4, trials) is not null)
                alarms++;
            if (Watch(random, trial => trial < trials / 2 ? 1e-4 : 1e-3, trials) is { } at && at >= trials / 2)
                delays.Add(at - trials / 2);
        }
        return new TargetRow(13, "change × 10 at base 1e-4 at half of 30,000 trials: noticed in the night; delay; false alarms of quiet nights", "mean delay about 4,900", "≥ 97 %, ≤ 1 false in 1,000 nights",
            $"{Figures.Share(delays.Count, draws)}; delay {Figures.Quantile(delays, 0.5):0} median, {Figures.Quantile(delays, 0.9):0} for 90 %; false {Figures.Share(alarms, draws)}", delays.Count >= 0.97 * draws && alarms <= draws / 1000, 2 * draws,
            "15,000 trials are left after the change and hold 15 failures on average; a lower limit would give more false alarms");

        static int? Watch(Random random, Func<int, double> rate, int trials)
        {
            var cusum = new Cusum(1e-4, 2e-3, 9.8);
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
        const int trials = 30_000;
        var parts = new List<(string Text, bool Met)>();
        foreach (var (rate, target) in new[] { (1e-4, 700.0), (5e-4, 180.0) })
        {
            var errors = new List<double>();
            for (var seed = 0; seed < draws; seed++)
            {
                var random = new Random(seed);
                var failures = Enumerable.Range(0, trials).Where(trial => random.NextDouble() < (trial < trials / 2 ? rate : 10 * rate)).ToList();
                if (ChangePoint.Find(failures, trials) is { } change)
                    errors.Add(Math.Abs(change.Trial - trials / 2));
            }
            var median = Figures.Quantile(errors, 0.5);
            parts.Add(($"base {rate:0.#e+0}: ± {median:0} median where claimed, {Figures.Share(errors.Count, draws)}", median <= target));
        }
        return new TargetRow(14, "place of a change × 10, in trials", "1,000 and 200: the gap between failures after it", "≤ 700 and ≤ 180", string.Join("; ", parts.Select(part => part.Text)), parts.All(part => part.Met), 2 * draws,
            "the place is between the last failure before and the first after the change; no method sees further");
    }

    /// <summary>Coverage of the printed interval, computed exactly by summing over all outcomes.</summary>
    public static TargetRow Coverage()
    {
        var parts = new List<(string Text, double Coverage)>();
        foreach (var (trials, rate) in new[] { (100, 0.05), (1000, 0.005), (1000, 0.05), (4000, 0.0181) })
        {
            var coverage = Enumerable.Range(0, trials + 1)
                .Select(failures => (Rate: ClopperPearson.Rate(failures, trials), P: MathNet.Numerics.Distributions.Binomial.PMF(rate, trials, failures)))
                .Where(outcome => outcome.Rate.Low <= rate && rate <= outcome.Rate.High)
                .Sum(outcome => outcome.P);
            parts.Add(($"{rate} in {trials}: {100 * coverage:0.0} %", coverage));
        }
        return new TargetRow(0, "coverage of the printed 95 % intervals (exact)", "–", "95 ± 0.5 %", string.Join("; ", parts.Select(part => part.Text)), parts.All(part => Math.Abs(part.Coverage - 0.95) <= 0.005), 0,
            "Clopper–Pearson never covers less than it says and, since failures are whole numbers, covers more; an interval that is right on average would be too narrow for some rates");
    }

    private static double MeanOfBoards(Random random, int boards, double variation)
    {
        var shape = 1 / (variation * variation);
        return Enumerable.Range(0, boards).Average(_ => Math.Min(0.5, MathNet.Numerics.Distributions.Gamma.Sample(random, shape, shape / Limit)));
    }
}
