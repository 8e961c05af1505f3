namespace HilRig.Agent.Probe;

public sealed partial class PyOcdProbe
{
    /// <summary>Access port 1 of a Kinetis part. IDR is 0x001C0020 or, with a Cortex-M7, 0x001C0030.</summary>
    private const uint MdmIdr = 0x001C0000;

    private const uint MassEraseRequest = 1;

    private static readonly TimeSpan MassErasePoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads the MDM-AP's status, on a secured part too: where no core answers, the debug port alone is asked.</summary>
    public async Task<MdmStatus> ReadMdmStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadingAsync(pyOcd => ReadMdmStatusAsync(pyOcd, cancellationToken), cancellationToken);
        }
        catch (ProbeException)
        {
            return await WithDebugPortAsync(pyOcd => ReadMdmStatusAsync(pyOcd, cancellationToken), cancellationToken);
        }
    }

    /// <summary>
    /// Erases the whole part through the MDM-AP with nRESET held, which works on a secured part and opens it. Everything is lost,
    /// the bootloader too; never done but for a step or a person that says so.
    /// </summary>
    /// <returns>The status after it.</returns>
    /// <exception cref="ProbeException">The part forbids it, or did not finish in time.</exception>
    public Task<MdmStatus> MassEraseAsync(TimeProvider time, CancellationToken cancellationToken) => WithDebugPortAsync(async pyOcd =>
    {
        owesResume = false;
        var before = await ReadMdmStatusAsync(pyOcd, cancellationToken);
        if (!before.IsMassEraseEnabled)
            throw new ProbeException($"probe {Uid}: the part forbids mass erase (MDM-AP status {before}); nothing but its backdoor key opens it", isWorthRestart: false);
        await DriveResetAsync(pyOcd, level: 0, cancellationToken);
        try
        {
            (await pyOcd.RunAsync($"writeap 1 4 {MassEraseRequest}", Timeouts.Command, cancellationToken)).ExpectNothing();
            var began = time.GetTimestamp();
            while (true)
            {
                var registers = (await pyOcd.RunAsync("readap 1 4;readap 1 0", Timeouts.Command, cancellationToken)).AccessPortRegisters(2);
                if ((registers[0] & MassEraseRequest) == 0 && new MdmStatus(registers[1]).IsMassEraseAcknowledged)
                    break;
                if (time.GetElapsedTime(began) > Timeouts.MassErase)
                    throw new ProbeException($"probe {Uid}: the mass erase did not end within {Timeouts.MassErase.TotalSeconds:0} s (CTRL 0x{registers[0]:X8}, status {new MdmStatus(registers[1])})", isWorthRestart: true);
                await Task.Delay(MassErasePoll, time, cancellationToken);
            }
        }
        finally
        {
            if (pyOcd.IsUsable)
                await DriveResetAsync(pyOcd, level: 1, CancellationToken.None);
        }
        return await ReadMdmStatusAsync(pyOcd, cancellationToken);
    }, cancellationToken);

    private async Task<MdmStatus> ReadMdmStatusAsync(PyOcdSession pyOcd, CancellationToken cancellationToken)
    {
        var registers = (await pyOcd.RunAsync("readap 1 0xfc;readap 1 0", Timeouts.Command, cancellationToken)).AccessPortRegisters(2);
        return (registers[0] & ~0xFFu) == MdmIdr
            ? new MdmStatus(registers[1])
            : throw new ProbeException($"probe {Uid}: access port 1 has IDR 0x{registers[0]:X8}, expected 0x001C00.. of a Kinetis MDM-AP", isWorthRestart: false);
    }

    private async Task DriveResetAsync(PyOcdSession pyOcd, int level, CancellationToken cancellationToken) =>
        (await pyOcd.RunAsync($"set nreset {level}", Timeouts.Command, cancellationToken)).Expect("nRESET =");

    /// <summary>A session of its own that looks for no core; the next command attaches again.</summary>
    private async Task<T> WithDebugPortAsync<T>(Func<PyOcdSession, Task<T>> act, CancellationToken cancellationToken)
    {
        await ConnectAsync(ConnectMode.DebugPortOnly, cancellationToken);
        try
        {
            return await OnceAsync(act, cancellationToken);
        }
        finally
        {
            await turn.WaitAsync(CancellationToken.None);
            await DropAsync();
            turn.Release();
        }
    }
}
