namespace HilRig.Analysis.History;

/// <summary>The trials of a history in the order of time, and what was left out of them by which rule.</summary>
internal sealed class HistoryTrials
{
    private const double NightSeconds = 1e6;

    private HistoryTrials(IReadOnlyList<Trial> counted, IReadOnlyList<Exclusion> excluded, int censored)
    {
        Counted = counted;
        Excluded = excluded;
        Censored = censored;
    }

    /// <summary>Trials that count, oldest first.</summary>
    public IReadOnlyList<Trial> Counted { get; }

    public IReadOnlyList<Exclusion> Excluded { get; }

    /// <summary>Steps that a file lists after the failing step of their cycle.</summary>
    public int Censored { get; }

    public static HistoryTrials From(IReadOnlyList<HistoryRow> rows)
    {
        var executed = new List<Trial>(rows.Count);
        var trackers = new Dictionary<(int, string), BoardTracker>();
        var censored = 0;
        foreach (var row in rows)
        {
            if (!trackers.TryGetValue((row.Night, row.Board), out var tracker))
                trackers[(row.Night, row.Board)] = tracker = new BoardTracker();
            if (tracker.CycleFailed(row) && !row.IsRecovery)
            {
                censored++;
                continue;
            }
            var before = tracker.Before(row);
            if (!row.IsRecovery)
                executed.Add(new Trial(row, before, row.Night * NightSeconds + row.Time));
            tracker.Follow(row);
        }
        return Exclude([.. executed.OrderBy(trial => trial.Moment)], censored);
    }

    private static HistoryTrials Exclude(List<Trial> executed, int censored)
    {
        var storms = new Storms(executed);
        var byRule = executed.ToLookup(trial => storms.Cover(trial) ? "storm" : trial.Row.Failed && trial.Row.Witnessed ? "witness" : "");
        var excluded = byRule
            .Where(rule => rule.Key.Length > 0)
            .SelectMany(rule => rule
                .GroupBy(trial => trial.Row.Agent)
                .Select(agent => new Exclusion(rule.Key, agent.Key, agent.Count(trial => trial.Row.Failed), agent.Count())))
            .OrderBy(exclusion => exclusion.Rule, StringComparer.Ordinal)
            .ThenBy(exclusion => exclusion.Agent, StringComparer.Ordinal);
        return new HistoryTrials([.. byRule[""]], [.. excluded], censored);
    }
}
