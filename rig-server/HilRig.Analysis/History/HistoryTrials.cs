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
        return Exclude(IsOrdered(executed) ? executed : [.. executed.OrderBy(trial => trial.Moment)], censored);
    }

    private static HistoryTrials Exclude(List<Trial> executed, int censored)
    {
        var storms = new Storms(executed);
        var counted = new List<Trial>(executed.Count);
        var excluded = new List<(string Rule, HistoryRow Row)>();
        foreach (var trial in executed)
        {
            if (storms.Cover(trial))
                excluded.Add(("storm", trial.Row));
            else if (trial.Row is { Failed: true, Witnessed: true })
                excluded.Add(("witness", trial.Row));
            else
                counted.Add(trial);
        }
        var exclusions = excluded
            .GroupBy(left => (left.Rule, left.Row.Agent))
            .Select(group => new Exclusion(group.Key.Rule, group.Key.Agent, group.Count(left => left.Row.Failed), group.Count()))
            .OrderBy(exclusion => exclusion.Rule, StringComparer.Ordinal)
            .ThenBy(exclusion => exclusion.Agent, StringComparer.Ordinal);
        return new HistoryTrials(counted, [.. exclusions], censored);
    }

    private static bool IsOrdered(List<Trial> trials) => trials.Zip(trials.Skip(1)).All(pair => pair.First.Moment <= pair.Second.Moment);
}
