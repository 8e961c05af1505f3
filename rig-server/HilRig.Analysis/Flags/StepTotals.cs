using HilRig.Analysis.Rates;

namespace HilRig.Analysis.Flags;

/// <summary>A failure of a kind of step in all sequences of one release: its first two may come in different ones.</summary>
internal sealed class StepTotals(IReadOnlyList<StepCell> cells, FailureCell failure)
{
    public int Incidents => Alike.Sum(cell => cell.Incidents);

    public long Trials => cells.Sum(cell => (long)cell.Trials);

    private IEnumerable<FailureCell> Alike => cells.Select(cell => cell.Find(failure.Fingerprint, failure.Blame)).OfType<FailureCell>();

    public Crossing? Find(NoiseFloor rule) => Crossing.Find(rule, Alike.SelectMany(cell => cell.Began.InOrder()).Order(), at => cells.Sum(cell => (long)cell.Clock.PositionOf(at)) + 1);
}
