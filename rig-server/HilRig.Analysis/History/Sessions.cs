using HilRig.Analysis.Rates;

namespace HilRig.Analysis.History;

/// <summary>Whether failures come several to a power session more often than chance would have them.</summary>
internal static class Sessions
{
    /// <summary>Null where they do not.</summary>
    public static HistorySessions? Of(HistoryCell cell)
    {
        var failing = cell.Failures.ToHashSet();
        var sessions = cell.Trials.Index()
            .GroupBy(trial => (trial.Item.Row.Night, trial.Item.Row.Board, trial.Item.Before.Session))
            .Select(session => (Trials: session.Count(), Failures: session.Count(trial => failing.Contains(trial.Index))))
            .ToList();
        var clustering = Clustering.Of(sessions);
        return clustering.IsClaimed ? new HistorySessions(sessions.Count, sessions.Count(session => session.Failures > 0), clustering.Z) : null;
    }

    /// <summary>The trials without those that follow a failure in its session: what is left of each is independent.</summary>
    public static IReadOnlyList<Trial> UpToFirstFailure(IEnumerable<Trial> trials)
    {
        var failed = new HashSet<(int, string, int)>();
        var kept = new List<Trial>();
        foreach (var trial in trials)
        {
            var session = (trial.Row.Night, trial.Row.Board, trial.Before.Session);
            if (failed.Contains(session))
                continue;
            kept.Add(trial);
            if (trial.Row.Failed)
                failed.Add(session);
        }
        return kept;
    }
}
