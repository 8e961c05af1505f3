using HilRig.Agent.Bootloader;
using HilRig.Agent.Power;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Places;

/// <summary>Resets of every kind, each followed by entering the bootloader and looking at what it found.</summary>
public static class BenchResets
{
    private static readonly TimeSpan AutobaudGap = TimeSpan.FromMilliseconds(120);

    private static readonly TimeSpan PowerOffTime = TimeSpan.FromMilliseconds(50);

    /// <summary>Resets the board and leaves it in the bootloader; the history knows kind and flash content.</summary>
    public static Task ResetAsync(this Bench bench, ResetKind kind, CancellationToken cancellationToken) =>
        bench.RestartAsync(kind, token => MakeAsync(bench, kind, token), cancellationToken);

    /// <summary>The same for a board that <paramref name="start"/> starts; what came before the start was the caller's.</summary>
    public static async Task RestartAsync(this Bench bench, ResetKind kind, Func<CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        bench.History.ResetBegan(kind);
        if (bench.Place.Entry == BootloaderEntry.Pin)
            await bench.Supply!.DriveBootPinAsync(BootPin.Held, cancellationToken);
        try
        {
            var isSeen = kind == ResetKind.Bootloader && !bench.IsSecured;
            if (isSeen)
                await bench.Probe.ReadWordAsync(CoreWitness.Dhcsr, cancellationToken);
            var restarts = bench.Probe.Restarts;
            await start(cancellationToken);
            await bench.RunAtAsync(bench.Manner.Baud, cancellationToken);
            await bench.EnterBootloaderAsync(cancellationToken);
            if (isSeen)
                await CheckThatResetAsync(bench, restarts, cancellationToken);
        }
        finally
        {
            // Also after a failure or a stop: a pin that stays held keeps every later start in the bootloader.
            if (bench.Place.Entry == BootloaderEntry.Pin)
                await bench.Supply!.DriveBootPinAsync(BootPin.Free, CancellationToken.None);
        }
        bench.History.ResetDone(kind, await bench.LookAtApplicationAsync(cancellationToken));
        await ResetWitness.NoteAsync(bench, cancellationToken);
    }

    /// <summary>Resets the board and leaves it alone, as a user does: a valid application starts when the boot window is over.</summary>
    public static async Task ResetAndLeaveAsync(this Bench bench, ResetKind kind, CancellationToken cancellationToken)
    {
        bench.History.ResetBegan(kind);
        if (kind == ResetKind.Bootloader)
            await bench.EnterBootloaderAsync(cancellationToken);
        bench.Bootloader.ForgetSession();
        await bench.Bootloader.ForgetTextAsync(cancellationToken);
        await MakeAsync(bench, kind, cancellationToken);
        // The application speaks at the place's rate, whatever its bootloader was tried at.
        await bench.RunAtAsync(bench.Place.Baud, cancellationToken);
        bench.History.ResetDone(kind, await bench.LookAtApplicationAsync(cancellationToken));
        await ResetWitness.NoteAsync(bench, cancellationToken);
    }

    /// <summary>
    /// Pings until the bootloader answers or the boot window is over. Each ping after the first is counted:
    /// the board may still be starting, but a bootloader that needs ten is worth knowing.
    /// </summary>
    public static async Task EnterBootloaderAsync(this Bench bench, CancellationToken cancellationToken)
    {
        var began = bench.Time.GetTimestamp();
        for (var pings = 1; ; pings++)
        {
            if (bench.Place.Entry == BootloaderEntry.Application)
                await AskApplicationAsync(bench, cancellationToken);
            try
            {
                await bench.Bootloader.PingAsync(cancellationToken);
                bench.Measure("entry-pings", pings);
                return;
            }
            catch (Exception exception) when (exception is LinkSilenceException or LinkProtocolException
                && bench.Time.GetElapsedTime(began) < bench.Board.BootWindow)
            {
                // The window is still open: ask again.
            }
        }
    }

    /// <summary>Gives a board its power back, and its probe the debug port that went with it.</summary>
    public static async Task PowerUpAsync(this Bench bench, CancellationToken cancellationToken)
    {
        await bench.Power!.RestoreAsync(cancellationToken);
        await ReviveProbeAsync(bench, cancellationToken);
    }

    /// <summary>What lies at the application's vector table, past the cache: stack pointer and reset handler decide. Nobody knows it of a secured part.</summary>
    public static async Task<FlashContent> LookAtApplicationAsync(this Bench bench, CancellationToken cancellationToken)
    {
        if (bench.IsSecured)
            return FlashContent.Unknown;
        var vectors = await bench.Probe.ReadMemoryAsync(bench.Board.Map.ApplicationAddress, 8, MemoryView.Array, cancellationToken);
        if (vectors.All(value => value == 0xFF))
            return FlashContent.Blank;
        var resetHandler = BitConverter.ToUInt32(vectors, 4);
        var isThumbCodeInFlash = (resetHandler & 1) == 1 && resetHandler >= bench.Board.Map.ApplicationAddress && resetHandler < bench.Board.Map.Flash.End;
        return isThumbCodeInFlash ? FlashContent.Application : FlashContent.Other;
    }

    private static async Task MakeAsync(Bench bench, ResetKind kind, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case ResetKind.Bootloader:
                await bench.Bootloader.ResetAsync(cancellationToken);
                break;
            case ResetKind.Probe:
                await bench.Probe.ResetAsync(ProbeReset.System, cancellationToken);
                break;
            case ResetKind.ProbePin:
                await bench.Probe.ResetAsync(ProbeReset.Pin, cancellationToken);
                break;
            case ResetKind.ProbeCore:
                await bench.Probe.ResetAsync(ProbeReset.Core, cancellationToken);
                break;
            case ResetKind.Power:
                await PowerCycleAsync(bench, cancellationToken);
                break;
        }
    }

    /// <summary>
    /// Tells a running application to start the bootloader; the first line break ends whatever pings it took for text. A bootloader that hears this instead takes it for noise:
    /// its autobaud begins anew after 80 ms of silence.
    /// </summary>
    private static async Task AskApplicationAsync(Bench bench, CancellationToken cancellationToken)
    {
        await bench.Bootloader.SendTextAsync("\rrun bootloader\r", cancellationToken);
        await Task.Delay(AutobaudGap, bench.Time, cancellationToken);
    }

    /// <summary>
    /// Holds the answer to the reset command against DHCSR.S_RESET_ST, which stands from a reset until it is read. A bootloader that
    /// answers a ping has done with the command before: no time has to be waited for. A pyOCD process that was started in between
    /// has read the bit itself: then nobody knows.
    /// </summary>
    private static async Task CheckThatResetAsync(Bench bench, int restartsBefore, CancellationToken cancellationToken)
    {
        var wasReset = (await bench.Probe.ReadWordAsync(CoreWitness.Dhcsr, cancellationToken) & CoreWitness.Reset) != 0;
        if (!wasReset && bench.Probe.Restarts == restartsBefore)
            throw new DutFailureException(new Failure("reset", Disagreement.SaidResetDidNot, "", "the bootloader said OK to its reset command and answers again, and SWD saw no reset in between"));
    }

    private static async Task PowerCycleAsync(Bench bench, CancellationToken cancellationToken)
    {
        var power = bench.Power
            ?? throw new RigException("power", $"place {bench.Place.Name}: nothing switches its power; add `power:` to its entry");
        try
        {
            await power.CutAsync(cancellationToken);
            await Task.Delay(PowerOffTime, bench.Time, cancellationToken);
        }
        finally
        {
            // A run that is stopped in here must not leave the board without power.
            await power.RestoreAsync(CancellationToken.None);
        }
        await ReviveProbeAsync(bench, cancellationToken);
    }

    /// <summary>Of a secured part the probe has lost nothing: there was no memory to reach before either.</summary>
    private static Task ReviveProbeAsync(Bench bench, CancellationToken cancellationToken) =>
        bench.IsSecured ? Task.CompletedTask : bench.Probe.ReviveAsync(cancellationToken);
}
