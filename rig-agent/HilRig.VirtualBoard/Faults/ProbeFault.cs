namespace HilRig.VirtualBoard.Faults;

/// <summary>What is wrong between the debugger and the chip.</summary>
public enum ProbeFaultKind
{
    /// <summary>SWDIO is open: the chip does not see what the probe clocks out.</summary>
    NoAck,

    /// <summary>The chip's bus is busy for as long as the storm lasts.</summary>
    Wait,

    /// <summary>The probe stops talking to its host.</summary>
    Hang,

    /// <summary>The probe's cable to the host is pulled, and put back later.</summary>
    Unplug,
}

/// <summary>What a request of the debugger is about to use.</summary>
public enum ProbeUse
{
    /// <summary>The probe alone.</summary>
    Probe,

    /// <summary>SWD, up to the debug port.</summary>
    DebugPort,

    /// <summary>SWD, and the chip's bus behind an access port.</summary>
    AccessPort,
}

/// <summary>
/// One fault of the probe or its wires. It counts the uses that it may strike and strikes by chance or at one position,
/// then for a number of uses: counts, not times, so that the same seed and the same requests fail alike.
/// </summary>
/// <param name="uses">How many uses one strike lasts, at least 1.</param>
public sealed class ProbeFault(ProbeFaultKind kind, Occurrence occurrence, long uses, Random chance)
{
    private long position;
    private long left;

    public ProbeFaultKind Kind => kind;

    /// <summary>Counts one use; true when this fault spoils it.</summary>
    public bool Strikes(ProbeUse use)
    {
        if (!MayStrike(use)) return false;
        var begins = occurrence.Strikes(position++, chance.NextDouble());
        if (left == 0 && begins) left = uses;
        return left > 0 && left-- > 0;
    }

    private bool MayStrike(ProbeUse use) => kind switch
    {
        ProbeFaultKind.NoAck => use != ProbeUse.Probe,
        ProbeFaultKind.Wait => use == ProbeUse.AccessPort,
        _ => true,
    };
}
