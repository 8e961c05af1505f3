using HilRig.Agent.Places;
using HilRig.Agent.Probe;

namespace HilRig.Agent.Steps;

/// <summary>What is done with the board after a reset.</summary>
public enum AfterReset
{
    /// <summary>The bootloader is entered, by the way that the place names.</summary>
    Bootloader,

    /// <summary>Nothing: it does what it does on its own.</summary>
    Nothing,
}

/// <summary>Resets the board by the probe: its pin, the whole chip, or the core alone.</summary>
public sealed record ProbeResetStep(ProbeReset By, AfterReset Then = AfterReset.Bootloader) : IStep
{
    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var kind = By switch { ProbeReset.Pin => ResetKind.ProbePin, ProbeReset.System => ResetKind.Probe, _ => ResetKind.ProbeCore };
        return Then == AfterReset.Bootloader ? bench.ResetAsync(kind, cancellationToken) : bench.ResetAndLeaveAsync(kind, cancellationToken);
    }
}
