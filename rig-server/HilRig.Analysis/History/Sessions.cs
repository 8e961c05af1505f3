namespace HilRig.Analysis.History;

/// <summary>Whether failures come several to a power session more often than chance would have them.</summary>
internal static class Sessions
{
    private const double Significance = 0.0005;

    /// <summary>Null where they do not.</summary>
    public static HistorySessions? Of(HistoryCell cell)
    {
        var failing = cell.Failures.ToHashSet();
        var sessions = cell.Trials.Index()
            .GroupBy(trial => (trial.Item.Row.Night, trial.Item.Row.Board, trial.Item.Before.Session))
            .Select(session => (Trials: session.Count(), Failures: session.Count(trial => failing.Contains(trial.Index))))
            .ToList();
        var p = (double)cell.Failures.Count / cell.Trials.Count;
        var repeated = sessions.Sum(session => Math.Max(0, session.Failures - 1));
        // The expected second and later failures of a session with n trials: n p − (1 − (1 − p)^n).
        var expected = sessions.Sum(session => session.Trials * p - 1 + Math.Pow(1 - p, session.Trials));
        if (repeated < 2 || PoissonTail(repeated, expected) > Significance)
            return null;
        var spread = sessions.Sum(session => Math.Pow(session.Failures - session.Trials * p, 2)) / (p * (1 - p));
        var z = (spread - cell.Trials.Count) / Math.Sqrt(2 * sessions.Sum(session => (double)session.Trials * (session.Trials - 1)));
        return new HistorySessions(sessions.Count, sessions.Count(session => session.Failures > 0), Math.Round(z, 1));
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

    /// <summary>P(Poisson(mean) ≥ count).</summary>
    private static double PoissonTail(int count, double mean) => MathNet.Numerics.SpecialFunctions.GammaLowerRegularized(count, mean);
}
