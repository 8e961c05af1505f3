namespace HilRig.Analysis.Flags;

/// <summary>A failure of a kind of step in all sequences of one release: its first two may come in different ones.</summary>
internal sealed record StepTotals(int Incidents, long Trials)
{
    public static StepTotals Of(IReadOnlyList<StepCell> cells, FailureCell failure) => new(
        cells.Sum(cell => cell.Find(failure.Fingerprint, failure.Blame)?.Incidents ?? 0),
        cells.Sum(cell => (long)cell.Trials));
}
