using HilRig.Agent.Places;

namespace HilRig.Agent.Running;

/// <summary>What SWD says of the core.</summary>
public enum CoreState
{
    /// <summary>Not to be had.</summary>
    Unknown,

    /// <summary>Executes, or sleeps, as far as can be seen.</summary>
    Alive,

    /// <summary>A debugger holds it: ours.</summary>
    Halted,

    /// <summary>In a fault handler at every look, or on a branch to itself.</summary>
    Stuck,

    /// <summary>The same, in an application that the run had not written whole: damaged code does so, whose bootloader is well.</summary>
    StuckInPart,

    /// <summary>S_LOCKUP: a fault within a fault handler.</summary>
    LockedUp,

    /// <summary>Starts again and again.</summary>
    ResetLoop,

    /// <summary>In reset at every look and never out of it: a pin, or a debug port, holds it there.</summary>
    HeldInReset,
}

/// <summary>Looks at the core through SWD, several times where one look proves nothing.</summary>
/// <remarks>
/// DHCSR (Armv7-M ARM C1.6.2): 25 S_RESET_ST and 24 S_RETIRE_ST, both cleared by the read; 19 S_LOCKUP; 17 S_HALT. xPSR[8:0] is the
/// exception number: 2 NMI, 3 HardFault, 4 MemManage, 5 BusFault, 6 UsageFault.
/// </remarks>
public static class CoreWitness
{
    /// <summary>Debug Halting Control and Status Register.</summary>
    public const uint Dhcsr = 0xE000EDF0;
    /// <summary>S_RESET_ST: a reset since the last read.</summary>
    public const uint Reset = 1u << 25;
    private const uint Retired = 1u << 24;
    private const uint Lockup = 1u << 19;
    private const uint Halt = 1u << 17;

    /// <summary><c>B .</c>, what default handlers end in.</summary>
    private const ushort BranchToItself = 0xE7FE;

    private const int Looks = 4;

    /// <summary>A lockup reset comes back within milliseconds; several fit between two looks.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(20);

    /// <summary>One look: enough where the board spoke. Throws where SWD does not answer.</summary>
    public static async Task<(CoreState State, string Words)> GlanceAsync(Bench bench, CancellationToken cancellationToken)
    {
        var dhcsr = await bench.Probe.ReadWordAsync(Dhcsr, cancellationToken);
        return (dhcsr & Lockup) != 0 ? (CoreState.LockedUp, "SWD sees the core locked up")
            : (dhcsr & Halt) != 0 ? (CoreState.Halted, "SWD sees the core halted")
            : (CoreState.Alive, "SWD sees the core alive");
    }

    /// <summary>Several looks, the last of which halt the core for some milliseconds each; for a board that is silent.</summary>
    public static async Task<(CoreState State, string Words)> WatchAsync(Bench bench, CancellationToken cancellationToken)
    {
        var first = await GlanceAsync(bench, cancellationToken);
        if (first.State != CoreState.Alive)
            return first;
        var (resets, hasRun) = (0, false);
        for (var look = 0; look < Looks; look++)
        {
            await Task.Delay(Gap, bench.Time, cancellationToken);
            var dhcsr = await bench.Probe.ReadWordAsync(Dhcsr, cancellationToken);
            if ((dhcsr & Lockup) != 0)
                return (CoreState.LockedUp, "SWD sees the core locked up");
            resets += (dhcsr & Reset) != 0 ? 1 : 0;
            hasRun |= (dhcsr & Retired) != 0;
        }
        return resets == Looks && !hasRun ? (CoreState.HeldInReset, "SWD sees the core held in reset")
            : resets > 1 ? (CoreState.ResetLoop, $"SWD saw the core reset between {resets} of {Looks} looks")
            : await LookAtPositionAsync(bench, cancellationToken);
    }

    private static async Task<(CoreState State, string Words)> LookAtPositionAsync(Bench bench, CancellationToken cancellationToken)
    {
        var positions = new List<(uint Pc, uint Exception)>();
        for (var look = 0; look < Looks; look++)
        {
            var registers = await bench.Probe.ReadCoreRegistersAsync(["pc", "xpsr"], cancellationToken);
            positions.Add((registers["pc"], registers["xpsr"] & 0x1FF));
        }
        var at = $"0x{positions[^1].Pc:X8}";
        var stuck = IsInPart(bench, positions[^1].Pc) ? CoreState.StuckInPart : CoreState.Stuck;
        if (positions.TrueForAll(position => position.Exception is >= 2 and <= 6))
            return (stuck, $"SWD sees the core in the handler of exception {positions[^1].Exception} at {Looks} looks, the last at {at}{InPart(stuck)}");
        if (positions.TrueForAll(position => position.Pc == positions[0].Pc))
        {
            var word = await bench.Probe.ReadWordAsync(positions[0].Pc & ~3u, cancellationToken);
            if ((ushort)(word >> (int)(8 * (positions[0].Pc & 2))) == BranchToItself)
                return (stuck, $"SWD sees the core on a branch to itself at {at}{InPart(stuck)}");
        }
        return (CoreState.Alive, $"SWD sees the core alive, last at {at}");
    }

    private static bool IsInPart(Bench bench, uint counter) =>
        counter >= bench.Board.Map.ApplicationAddress && bench.Board.Map.Flash.Contains(counter) && bench.History.Written != FlashContent.Application;

    private static string InPart(CoreState state) => state == CoreState.StuckInPart ? ", in an application that was not written whole" : "";
}
