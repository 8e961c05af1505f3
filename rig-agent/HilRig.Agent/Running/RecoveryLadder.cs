using HilRig.Agent.Places;
using HilRig.Agent.Probe;
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
/// install-release   | the place's known-good release, compared by SWD; the bootloader answers
/// </code>
/// The first two leave the board's state as it is, so that a sequence decides itself when to reset; after a reset
/// that did not end well they are left out, since nobody would know from which start the next cycle counts.
/// The last brings the board back, not the release under test: the run ends with it.
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
        if (bench.Place.KnownGood is { } release)
            yield return new BoundStep(InstallKnownGood.Name, $"release={release}", new InstallKnownGood(release));
    }

    /// <summary>
    /// What it means that no rung helped: the board is wedged when the last and strongest rung was carried out and the board still
    /// did not answer; where that rung failed for the rig's own reasons, nothing is said of the board.
    /// </summary>
    public static EndReason Conclude(IReadOnlyList<StepEnded> rungs) =>
        rungs is [.., { Layer: not Layer.Rig }] ? EndReason.BoardWedged : EndReason.RigLost;

    /// <summary>True when what answers now is no longer the release under test.</summary>
    public static bool HasReplacedRelease(IReadOnlyList<StepEnded> rungs) =>
        rungs is [.., { Step: InstallKnownGood.Name, Verdict: Verdict.Pass }];

    /// <summary>What was tried and what came of it.</summary>
    public static string InWords(IReadOnlyList<StepEnded> rungs) =>
        string.Join("; ", rungs.Select(rung => $"{rung.Step}{(rung.Arguments.Length > 0 ? $" {rung.Arguments}" : "")}: {rung.Failure?.Message ?? rung.Verdict.ToString()}"));

    /// <summary>Not a word of the sequence language: a sequence never needs it, since every step begins on a live link.</summary>
    private sealed record Resynchronise : IStep
    {
        public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.Bootloader.ResynchroniseAsync(cancellationToken);
    }

    /// <summary>Never on a part that is secured or whose bootloader is erased: nobody would learn any more how it came to that.</summary>
    private sealed record InstallKnownGood(string Release) : IStep
    {
        public const string Name = "install-release";

        public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
        {
            var debugPort = await bench.Probe.ReadMdmStatusAsync(cancellationToken);
            if (debugPort.IsSecured)
                throw KeptForStudy($"the part is secured ({debugPort})");
            var start = bench.Board.Map.Flash.Start;
            var vectors = await bench.Probe.ReadMemoryAsync(start, 8, MemoryView.Array, cancellationToken);
            if (vectors.All(value => value == 0xFF))
                throw KeptForStudy($"flash is blank at 0x{start:X8}, where the bootloader was");
            await new InstallReleaseStep(Release).ExecuteAsync(bench, cancellationToken);
        }

        private static DutFailureException KeptForStudy(string what) =>
            new(new Failure(Name, "kept-for-study", "", $"{what}: it is kept for study; install a release by the step `install-release` when you have seen enough"));
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
