using HilRig.Analysis.History;
using HilRig.Analysis.Triggers;
using HilRig.Bench.Histories;

namespace HilRig.Bench.Targets;

/// <summary>The search for a trigger goes on after a night with cycles that it chooses itself, among situations that a rig has executed before.</summary>
internal static class ChosenCycles
{
    private const int OnOffer = 40;
    private const int MostRivals = 300;
    private const double Enough = 0.99;

    /// <summary>The explanation believed in the end.</summary>
    /// <param name="past">The night so far.</param>
    /// <param name="chance">The truth: chance of the fault in a situation.</param>
    /// <param name="rate">Of the fault under its trigger, which decides how many cycles are allowed: 30 at a half and above, 12/p below.</param>
    public static (string Text, int Cycles) Run(IReadOnlyList<HistoryRow> past, string step, string code, Func<Situation, double> chance, double rate, int seed)
    {
        // Another night without the fault, of whose situations any can be had again.
        var pool = HistoryWorld.Draw(new NightPlan { Boards = 24, Hours = 1 }, 90_000 + seed).Select(row => row with { Night = 2 });
        var trials = HistoryTrials.From([.. past, .. pool]).Counted.Where(trial => trial.Row.Step == step && (trial.Row.Fingerprint ?? code) == code).ToList();
        var search = new TriggerSearch(HistoryVocabulary.Columns(trials), TrialBits.Where(trials.Count, i => trials[i].Row.Failed));
        var rivals = search.Ranked(TrialBits.Where(trials.Count, i => trials[i].Row.Night == 1), MostRivals);
        if (rivals.Count == 0)
            return ("", 0);
        var experiment = new ConditionExperiment(rivals);
        var situations = Enumerable.Range(0, trials.Count).Where(i => trials[i].Row.Night == 2).ToList();
        var random = new Random(seed);
        var allowed = rate >= 0.5 ? 30 : (int)(12 / rate);
        var cycles = 0;
        for (; cycles < allowed && experiment.Belief < Enough; cycles++)
        {
            var next = experiment.Choose(Enumerable.Range(0, OnOffer).Select(_ => situations[random.Next(situations.Count)]));
            experiment.Record(next, random.NextDouble() < chance(SituationOf(trials[next].Row)));
        }
        return (experiment.Best.ToString(), cycles);
    }

    /// <summary>What the faults of these nights may depend on is all in the row.</summary>
    private static Situation SituationOf(HistoryRow row) => new(
        row.Release, row.Agent, row.Board, 1, row.Step, row.Size, int.Parse(row.Baud, System.Globalization.CultureInfo.InvariantCulture), row.UpdatesSinceReset, row.CyclesSincePower, row.LastReset, row.SameImage == "1", false, 0, 0);
}
