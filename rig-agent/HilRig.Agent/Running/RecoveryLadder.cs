using HilRig.Agent.Places;
using HilRig.Agent.Steps;

namespace HilRig.Agent.Running;

/// <summary>
/// What brings a board back after a failure, gentlest first; each rung passes only when the bootloader answered.
/// The first rung leaves the board's state as it is, so that a sequence decides itself when to reset; after a reset
/// that did not end well it is left out, since nobody would know from which start the next cycle counts.
/// </summary>
public static class RecoveryLadder
{
    public static IEnumerable<BoundStep> For(Bench bench)
    {
        var place = bench.Place;
        if (!bench.History.IsResetOpen)
            yield return new BoundStep("resynchronise", "", new Resynchronise());
        yield return new BoundStep("reset", "by=probe", new ResetStep(ResetKind.Probe));
        if (place.Power is not null)
            yield return new BoundStep("reset", "by=power", new ResetStep(ResetKind.Power));
    }

    /// <summary>Not a word of the sequence language: a sequence never needs it, since every step begins on a live link.</summary>
    private sealed record Resynchronise : IStep
    {
        public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.Bootloader.ResynchroniseAsync(cancellationToken);
    }
}
