using HilRig.Analysis.History;
using HilRig.Analysis.Reproducers;
using HilRig.Analysis.Triggers;
using HilRig.Bench.Histories;

namespace HilRig.Bench.Targets;

/// <summary>How soon the true trigger is found, how seldom a false one, and what confirming costs.</summary>
internal static class TriggerTargets
{
    private const int Failures = 8;

    private static readonly (string Name, double Rate, string Step, Func<Situation, double> Chance, string Trigger)[] Kinds =
    [
        ("stale p = 1", 1, "update", now => now.UpdatesSinceReset >= 1 ? 1 : 0, "upd_since_reset>=1"),
        ("stale p = 0.2", 0.2, "update", now => now.UpdatesSinceReset >= 1 ? 0.2 : 0, "upd_since_reset>=1"),
        ("stale p = 0.02", 0.02, "update", now => now.UpdatesSinceReset >= 1 ? 0.02 : 0, "upd_since_reset>=1"),
        ("same image p = 0.05", 0.05, "update", now => now.SameImage ? 0.05 : 0, "same_image=1"),
        ("verify after SWD reset p = 0.02", 0.02, "verify", now => now.LastReset == "reset_swd" ? 0.02 : 0, "last_reset=reset_swd"),
        ("six cycles since power p = 0.02", 0.02, "update", now => now.CyclesSincePower >= 6 ? 0.02 : 0, "cycles_since_power>=6"),
        ("size and baud p = 0.3", 0.3, "update", now => now is { Size: > 200, Baud: 460800 } ? 0.3 : 0, "size_kb>=256 AND baud=460800"),
    ];

    /// <summary>Row 6.</summary>
    public static TargetRow RankOne(int draws)
    {
        var parts = new List<string>();
        var (met, inside, printed) = (true, 0, 0);
        foreach (var kind in Kinds)
        {
            var (first, chosen, cycles) = (0, 0, new List<double>());
            for (var seed = 0; seed < draws; seed++)
            {
                var rows = HistoryWorld.Draw(new NightPlan { Boards = 24, Hours = kind.Rate < 0.05 ? 4 : 1, Faults = [new(kind.Step, "10301", kind.Chance)] }, 50_000 + seed);
                var end = rows.Where(row => row.Fingerprint == "10301").OrderBy(row => row.Time).Take(Failures).Last().Time;
                var past = rows.Where(row => row.Time <= end).ToList();
                if (HistoryAnalysis.Judge(past).Flags.FirstOrDefault(flag => flag.Fingerprint == "10301")?.Trigger is { } trigger)
                {
                    printed++;
                    first += string.Join(" AND ", trigger.Conditions) == kind.Trigger ? 1 : 0;
                    inside += trigger.Equivalent.Prepend(trigger.Conditions).Any(conditions => string.Join(" AND ", conditions) == kind.Trigger) ? 1 : 0;
                }
                var found = ChosenCycles.Run(past, kind.Step, "10301", kind.Chance, kind.Rate, seed);
                chosen += found.Text == kind.Trigger ? 1 : 0;
                cycles.Add(found.Cycles);
            }
            met &= chosen >= 0.95 * draws;
            parts.Add($"{kind.Name} {chosen}/{draws} after {Figures.Mean(cycles)} chosen cycles ({first} printed as supported without any)");
        }
        return new TargetRow(6, "true trigger first after 8 failures and at most 30 chosen cycles (12/p below p = 0.5)", "5.1–5.5 failures", "≥ 95 % with chosen cycles; truth inside the printed set ≥ 99.5 %", $"{string.Join("; ", parts)}; where a trigger is printed, the truth is in its set {Figures.Share(inside, printed)}",
            met && inside >= 0.995 * printed, draws * Kinds.Length, "40 situations are on offer for each chosen cycle; by chance another condition altogether may pass 7 bits after 8 failures");
    }

    /// <summary>Row 7.</summary>
    public static TargetRow FalseTriggers(int draws)
    {
        var wrong = ParallelEnumerable.Range(0, draws).Count(seed =>
            HistoryAnalysis.Judge(HistoryWorld.Draw(new NightPlan { Boards = 24, Hours = 2, Faults = [new("update", "10005", _ => 0.005)] }, 60_000 + seed)).Flags.Any(flag => flag.Trigger is not null));
        return new TargetRow(7, "nights of a purely random failure with a trigger printed", "–", "≤ 1 in 10,000", Figures.Share(wrong, draws), wrong == 0 && draws >= 10_000, draws, wrong == 0 ? "none; fewer nights drawn than would prove it" : "");
    }

    /// <summary>Row 8.</summary>
    public static TargetRow Identify(int draws)
    {
        const int conditions = 87;
        var means = new List<(double Rate, string Text, double Mean)>();
        foreach (var rate in new[] { 1, 0.1 })
        {
            var runs = new List<double>();
            for (var seed = 0; seed < draws; seed++)
            {
                var random = new Random(seed);
                var truth = random.Next(conditions);
                var beliefs = new Beliefs([.. Enumerable.Repeat(1.0, conditions)], rate, 0);
                var (count, seen) = (0, false);
                while (!(seen && beliefs.Weights[beliefs.Best] >= 0.99) && count < 5000)
                {
                    var situation = Enumerable.Range(0, 40).Select(_ => Draw(random)).MaxBy(held => beliefs.Gain(beliefs.Mass(i => held[i])))!;
                    count++;
                    var failed = situation[truth] && random.NextDouble() < rate;
                    seen |= failed;
                    beliefs.Learn(i => situation[i] ? 1 : 0, failed ? 1 : 0, 1);
                }
                runs.Add(count);
            }
            means.Add((rate, $"p = {rate}: {Figures.Mean(runs)}", runs.Average()));
        }
        return new TargetRow(8, "chosen cycles to identify 1 of 87 conditions", "7.4 (p = 1), 128 (p = 0.1)", "≤ 8.5 and ≤ 147", string.Join("; ", means.Select(mean => mean.Text)), means[0].Mean <= 8.5 && means[1].Mean <= 147, draws * 2,
            "40 situations are drawn to choose from, as a rig can execute only some; stops at 99 % with a failure seen");

        // Conditions of a real rig hold in a fifth to half of the situations.
        static bool[] Draw(Random random)
        {
            var share = 0.2 + 0.3 * random.NextDouble();
            return [.. Enumerable.Range(0, conditions).Select(_ => random.NextDouble() < share)];
        }
    }

    /// <summary>Row 9, and the type I error of watching all the time.</summary>
    public static TargetRow Confirm(int draws)
    {
        var parts = new List<string>();
        var met = true;
        foreach (var rate in new[] { 1, 0.2, 0.05 })
        {
            var cycles = Enumerable.Range(0, draws).Select(seed => (double)Watch(seed, rate, 0, 100_000).Cycles).ToList();
            met &= cycles.Average() * rate <= 11;
            parts.Add($"p = {rate}: {Figures.Quantile(cycles, 0.5) * rate:0.0}/p median, {cycles.Average() * rate:0.0}/p mean");
        }
        var wrong = Enumerable.Range(0, 10 * draws).Count(seed => Watch(seed, 0.1, 0.1, 1000).Confirmed);
        return new TargetRow(9, "cycles of both arms to confirm a trigger on against off; false confirmations, watched after every cycle", "10/p", "≤ 11/p, false ≤ 5 %", $"{string.Join("; ", parts)}; false {Figures.Share(wrong, 10 * draws)}", met && wrong <= 0.05 * 10 * draws, draws * 13,
            "seven failures in one arm are needed at 95 % when any number of looks is allowed; five would do for a single look");
    }

    private static (int Cycles, bool Confirmed) Watch(int seed, double on, double off, int most)
    {
        var (schedule, random) = (new ArmSchedule(seed), new Random(seed + 1));
        var cycle = 0;
        for (; cycle < most && !schedule.IsConfirmed; cycle++)
        {
            var first = schedule.NextIsFirst();
            schedule.Record(first, random.NextDouble() < (first ? on : off));
        }
        return (cycle, schedule.IsConfirmed);
    }
}
