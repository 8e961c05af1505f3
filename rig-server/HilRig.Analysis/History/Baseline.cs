using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>The same fingerprint on another release.</summary>
/// <param name="Release">The release compared with.</param>
/// <param name="Failures">Failures there.</param>
/// <param name="Trials">Trials of the step there.</param>
internal sealed record Baseline(string Release, int Failures, int Trials)
{
    /// <summary>What a night may cost in false claims: a release is called worse than the golden one only beyond it.</summary>
    private const double AlikeSignificance = 0.005;

    public static Baseline Of(string release, HistoryCell cell, IReadOnlyList<Trial> trials) =>
        new(release, trials.Count(trial => trial.Row.Fingerprint is { } code && cell.Codes.Contains(code)), trials.Count);

    /// <summary>True when it fails as well, and not significantly less.</summary>
    public bool FailsAlike(HistoryCell cell) =>
        Failures >= 2 && new FourfoldTable(cell.Failures.Count, cell.Trials.Count, Failures, Trials).LogFisherP() > Math.Log(AlikeSignificance);
}
