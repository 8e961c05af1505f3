using HilRig.Agent.Places;

namespace HilRig.Agent.Running;

/// <summary>A reset that nobody asked for, by what caused it.</summary>
public enum StrayReset
{
    /// <summary>None, or none that left a trace.</summary>
    None,

    /// <summary>The supply: power-on or low-voltage detect.</summary>
    Supply,

    /// <summary>The reset pin.</summary>
    Pin,

    /// <summary>The chip's own watchdog.</summary>
    Watchdog,

    /// <summary>A fault within a fault handler, which resets the chip.</summary>
    Lockup,
}

/// <summary>
/// Holds the chip's own record of its last start against the resets that the run made: RCM_SRS says what the cause was,
/// DHCSR.S_RESET_ST whether there was one since the last look.
/// </summary>
public static class ResetWitness
{
    /// <summary>Called after each reset that the run made, so that a later one is told from it. Nothing where the board type does not name the register.</summary>
    public static async Task NoteAsync(Bench bench, CancellationToken cancellationToken)
    {
        if (Cause(bench) is not { } cause)
            return;
        await bench.Probe.ReadWordAsync(CoreWitness.Dhcsr, cancellationToken);
        bench.History.CauseOfStart = await bench.Probe.ReadWordAsync(cause.Address, cancellationToken);
    }

    /// <param name="wasReset">S_RESET_ST at the first look after the failure.</param>
    /// <param name="hasLostProbe">
    /// The probe's session had broken and a new one was begun, which reads that bit itself. A supply that goes breaks it too, since the debug
    /// port goes with it: where the chip then says that it started by power, that is believed. What else it can be, a probe that failed in
    /// the same moment, is the rig's as well.
    /// </param>
    public static async Task<StrayReset> LookAsync(Bench bench, bool wasReset, bool hasLostProbe, CancellationToken cancellationToken)
    {
        if (Cause(bench) is not { } cause || bench.History.CauseOfStart is not { } before)
            return StrayReset.None;
        var now = await bench.Probe.ReadWordAsync(cause.Address, cancellationToken);
        bench.History.CauseOfStart = now;
        var stray = Of(bench.History, [.. cause.Bits.Where(bit => (now >> bit.Key & 1) != 0).Select(bit => bit.Value)]);
        return wasReset || now != before || (hasLostProbe && stray == StrayReset.Supply) ? stray : StrayReset.None;
    }

    public static string InWords(StrayReset reset) => reset switch
    {
        StrayReset.Supply => "the chip started anew since, because its supply had gone",
        StrayReset.Pin => "the chip started anew since, by its reset pin",
        StrayReset.Watchdog => "the chip started anew since, by its watchdog",
        StrayReset.Lockup => "the chip started anew since, because its core had locked up",
        _ => "",
    };

    /// <summary>While a reset of the run's own is open, its kind is no stray.</summary>
    private static StrayReset Of(BoardHistory history, string[] causes)
    {
        var own = history.IsResetOpen ? history.LastReset : null;
        return causes.Contains("WDOG") ? StrayReset.Watchdog
            : causes.Contains("LOCKUP") ? StrayReset.Lockup
            : own != ResetKind.Power && (causes.Contains("POR") || causes.Contains("LVD")) ? StrayReset.Supply
            : own != ResetKind.ProbePin && own != ResetKind.Power && causes.Contains("PIN") ? StrayReset.Pin
            : StrayReset.None;
    }

    /// <summary>Null where the board type does not name it, and of a secured part, whose memory SWD does not reach.</summary>
    private static BoardRegister? Cause(Bench bench) => bench.IsSecured ? null : bench.Board.Registers.FirstOrDefault(register => register.Name == "RCM_SRS0");
}
