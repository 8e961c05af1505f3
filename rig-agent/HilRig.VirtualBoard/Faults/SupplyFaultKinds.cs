using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Faults;

/// <summary>Faults of the supply, the reset line, the watchdog and the clock.</summary>
internal static class SupplyFaultKinds
{
    private const string Where = "operation=N|p=0, fraction=0.5";

    public static IEnumerable<FaultKind> All =>
    [
        new("power-cut", "F11", Where + ", back=200 (ms; 0 waits for OUTP)", "silence, 10004; then a bootloader without an application, or half of one", "a torn sector, weak bits", PowerCut),
        new("sag", "F9 F11", Where + ", volts=1, ms=20", "as power-cut; volts below 0.7 change nothing", "SRS0 says POR and LVD", Sag),
        new("reset-in-flash", "F11", Where + ", cause=pin|watchdog", "silence, 10004; the next ping finds autobaud", "a torn sector; SRS0 names the cause", ResetInFlash),
        new("watchdog", "F29", "ms=3000", "the board starts anew each period", "SRS0.WDOG", Watchdog),
        new("autobaud-error", "F13", "ratio=1.1", "no answer to a ping; the measured rate, rounded to 1200, is not the host's", "the bootloader idles", (text, site) => site.Chip.ClockRatio = text.Real("ratio", 1.1, 0.1, 10)),
        new("stuck-on", "-", "", "switching the supply off does nothing; a power cycle is none", "no reset; SRS0 unchanged", (_, site) => site.Supply.StuckAt = true),
        new("stuck-off", "-", "", "no answer to anything", "no answer to anything", (_, site) => site.Supply.StuckAt = false),
    ];

    private static void PowerCut(FaultText text, FaultSite site)
    {
        var back = text.Milliseconds("back", 200);
        InsideOperation(text, site, () => site.Supply.Interrupt(back == TimeSpan.Zero ? null : back));
    }

    private static void Sag(FaultText text, FaultSite site)
    {
        var volts = text.Real("volts", 1, 0, 3.3);
        var duration = text.Milliseconds("ms", 20);
        InsideOperation(text, site, () => site.Supply.Sag(volts, duration));
    }

    private static void ResetInFlash(FaultText text, FaultSite site)
    {
        var cause = text.Word("cause", "pin", "watchdog") == "pin" ? ResetCause.Pin : ResetCause.Watchdog;
        InsideOperation(text, site, () => site.Chip.Reset(cause));
    }

    private static void Watchdog(FaultText text, FaultSite site)
    {
        var period = text.Milliseconds("ms", 3000);
        var start = 0;
        site.Chip.Restarted += _ =>
        {
            var mine = ++start;
            site.Chip.Timers.At(site.Chip.Clock.AfterScaled(period), () =>
            {
                if (mine == start)
                    site.Chip.Reset(ResetCause.Watchdog);
            });
        };
    }

    /// <summary>Strikes inside the N-th operation that changes the array (from 1, since the first start), or inside any with a probability.</summary>
    private static void InsideOperation(FaultText text, FaultSite site, Action strike)
    {
        var chosen = text.Number("operation", 0);
        var probability = text.Real("p", 0);
        var fraction = text.Real("fraction", 0.5);
        var count = 0L;
        site.Chip.Ftfe.Launched += _ =>
        {
            var roll = site.Chance.NextDouble();
            if (++count != chosen && roll >= probability)
                return;
            var begun = site.Chip.Ftfe.Started;
            site.Chip.Timers.At(begun + (long)((site.Chip.Ftfe.Deadline - begun) * fraction), strike);
        };
    }
}
