using HilRig.Analysis.Drift;
using HilRig.Analysis.Flags;
using HilRig.Analysis.Rates;

namespace HilRig.Analysis.History;

/// <summary>Turns one cell into its claim.</summary>
internal static class HistoryClaim
{
    /// <param name="golden">The cell's fingerprint on the control release; null without one.</param>
    /// <param name="earlier">The same on the release before; null for the first.</param>
    public static HistoryFlag Of(HistoryCell cell, Baseline? golden, Baseline? earlier)
    {
        var notes = new List<string>();
        var failing = cell.FailingRows.ToList();
        var all = cell.Trials.Select(trial => trial.Row).ToList();
        var board = Concentrated(failing, all, row => row.Board);
        var agent = cell.IsSilence ? Concentrated(failing, all, row => row.Agent) : null;
        if (cell.Codes.Count > 1)
            notes.Add($"all silence of a step is one fingerprint: {string.Join(", ", failing.CountBy(row => row.Fingerprint!).Select(code => $"{code.Value} {code.Key}"))}");
        var sessions = cell.FlaggedAtTrial is null ? null : Sessions.Of(cell);
        var triggers = cell.FlaggedAtTrial is null ? new HistoryTriggers([], null, null) : HistoryTriggers.Of(cell, sessions);
        var flagClass = ClassOf(cell, golden, board, agent, triggers, notes);
        var isProduct = flagClass is "intermittent" or "conditional" or "consistent";
        var change = isProduct ? ChangePoint.Find(cell.Failures, cell.Trials.Count) : null;
        var rate = Wilson.Rate(cell.Failures.Count, cell.Trials.Count);
        var supported = isProduct ? triggers.Supported.Select(HistoryTriggers.Print).ToList() : [];
        return new HistoryFlag(
            cell.Release,
            cell.Step,
            cell.Fingerprint,
            flagClass,
            isProduct && IsNew(cell, earlier ?? golden, notes),
            rate.Failures,
            rate.Trials,
            Significant(rate.Value),
            [Significant(rate.Low), Significant(rate.High)],
            cell.Incidents,
            cell.FlaggedAtTrial,
            flagClass is "board-specific" ? board!.Place : null,
            flagClass is "rig" ? agent?.Place : null,
            supported.FirstOrDefault(),
            supported.Count > 1 ? supported : [],
            isProduct ? Trend.Of(cell.Failures, cell.Trials.Count) : null,
            change is null ? null : new HistoryChange(TimeAt(change.Trial), Significant(change.Before), Significant(change.After), [TimeAt(change.Earliest), TimeAt(change.Latest)], Math.Round(change.LogOdds, 1)),
            isProduct && supported.Count == 0 ? sessions : null,
            notes);

        double TimeAt(int trial) => cell.Trials[Math.Min(trial, cell.Trials.Count - 1)].Row.Time;
    }

    /// <summary>Four significant digits: more would claim more than the data does.</summary>
    public static double Significant(double value) =>
        value == 0 ? 0 : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(value)), 0, 15));

    private static string ClassOf(HistoryCell cell, Baseline? golden, Concentration? board, Concentration? agent, HistoryTriggers triggers, List<string> notes)
    {
        if (cell.FlaggedAtTrial is null)
            return ClassOfUnflagged(cell, agent, notes);
        if (board is not null)
        {
            notes.Add($"{board}");
            return "board-specific";
        }
        if (agent is not null)
            return Rig(notes, agent);
        if (cell.Release == HistoryRow.Golden)
        {
            notes.Add("the golden release is known to be good: its failures are the rig's");
            return "rig";
        }
        if (golden is not null && golden.FailsAlike(cell))
        {
            notes.Add($"the golden release fails alike: {golden.Failures} of {golden.Trials}");
            return "rig";
        }
        if (triggers.Elsewhere is { } elsewhere)
            notes.Add($"{elsewhere} tells failures from passes better than any state of the board does ({elsewhere.Bits:0.#} bits)");
        if (triggers.Candidate is { } candidate)
            notes.Add($"a candidate, not supported: {candidate} ({candidate.Bits:0.#} bits of 7)");
        notes.AddRange(triggers.Experiments);
        return ClopperPearson.IsNearlyAlways(cell.Failures.Count, cell.Trials.Count) ? "consistent"
            : triggers.Supported.Count > 0 ? "conditional"
            : "intermittent";
    }

    private static string ClassOfUnflagged(HistoryCell cell, Concentration? agent, List<string> notes)
    {
        if (agent is not null)
            return Rig(notes, agent);
        if (cell.Trials.Count < NoiseFloor.FewestTrials)
            return "insufficient";
        var rule = NoiseFloor.OfStep(cell.IsSilence ? FailureKind.Silence : FailureKind.Answer);
        notes.Add(rule.Exceeded(cell.Incidents, cell.Trials.Count)
            ? $"silence {SilenceWatch.OneAgent}"
            : $"not flagged: {cell.Incidents} {(cell.Incidents == 1 ? "incident" : "incidents")} in {cell.Trials.Count} trials, {rule.Boundary(cell.Trials.Count)} are needed");
        return "observed";
    }

    private static string Rig(List<string> notes, Concentration agent)
    {
        notes.Add($"silence, and on an agent: {agent}");
        return "rig";
    }

    private static Concentration? Concentrated(List<HistoryRow> failing, List<HistoryRow> all, Func<HistoryRow, string> place) =>
        Concentration.Of(HistoryCell.CountBy(failing, place), HistoryCell.CountBy(all, place)) is { } found && found.IsOnePlace ? found : null;

    private static bool IsNew(HistoryCell cell, Baseline? baseline, List<string> notes)
    {
        if (baseline is null || baseline.Failures > 0)
            return false;
        var absence = Absence.Of(baseline.Trials, cell.Failures.Count, cell.Trials.Count);
        if (!absence.IsProven)
            notes.Add(absence.OfNew(baseline.Release));
        return absence.IsProven;
    }
}
