using HilRig.Agent.Places;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>
/// What brings a board back after a failure, gentlest first:
/// <code>
/// rung              proof that it did what it says
/// ------------------+--------------------------------------------------------------------------------
/// ping              | the bootloader answers
/// resynchronise     | it answers a ping by its response alone
/// reset by probe    | RCM says software reset; the bootloader answers
/// reset by power    | off was measured; RCM says power-on reset; the bootloader answers
/// </code>
/// The first two leave the board's state as it is, so that a sequence decides itself when to reset; after a reset
/// that did not end well they are left out, since nobody would know from which start the next cycle counts.
/// </summary>
public static class RecoveryLadder
{
    public static IEnumerable<BoundStep> For(Bench bench)
    {
        if (!bench.History.IsResetOpen)
        {
            yield return new BoundStep("ping", "", new PingStep());
            yield return new BoundStep("resynchronise", "", new Resynchronise());
        }
        yield return new BoundStep("reset", "by=probe", new ProvenReset(ResetKind.Probe));
        if (bench.Power is not null)
            yield return new BoundStep("reset", "by=power", new ProvenReset(ResetKind.Power));
    }

    /// <summary>
    /// What it means that no rung helped: the board is wedged when the last and strongest rung was carried out and the board still
    /// did not answer; where that rung failed for the rig's own reasons, nothing is said of the board.
    /// </summary>
    public static EndReason Conclude(IReadOnlyList<StepEnded> rungs) =>
        rungs is [.., { Layer: not Layer.Rig }] ? EndReason.BoardWedged : EndReason.RigLost;

    /// <summary>What was tried and what came of it.</summary>
    public static string InWords(IReadOnlyList<StepEnded> rungs) =>
        string.Join("; ", rungs.Select(rung => $"{rung.Step}{(rung.Arguments.Length > 0 ? $" {rung.Arguments}" : "")}: {rung.Failure?.Message ?? rung.Verdict.ToString()}"));

    /// <summary>Not a word of the sequence language: a sequence never needs it, since every step begins on a live link.</summary>
    private sealed record Resynchronise : IStep
    {
        public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.Bootloader.ResynchroniseAsync(cancellationToken);
    }

    /// <summary>A reset of which the chip itself must know, where its board type names the reset-cause register.</summary>
    private sealed record ProvenReset(ResetKind Kind) : IStep
    {
        public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
        {
            await bench.ResetAsync(Kind, cancellationToken);
            if (bench.Board.Registers.FirstOrDefault(register => register.Name == "RCM_SRS0") is not { } cause)
                return;
            var value = await bench.Probe.ReadWordAsync(cause.Address, cancellationToken);
            var bit = Kind == ResetKind.Power ? "POR" : "SW";
            if (!cause.Bits.Any(named => named.Value == bit && (value >> named.Key & 1) != 0))
                throw new RigException("probe", $"the reset by {KebabCase.From(Kind.ToString())} left no trace in the chip: expected {bit}, {cause.Describe(value)}");
        }
    }
}
