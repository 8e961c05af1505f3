namespace HilRig.Agent.Serial;

/// <summary>
/// The advisory lock on a tty of Linux. The package's own TIOCEXCL keeps other users out but not root; this lock, which pyserial takes
/// too, keeps root out.
/// </summary>
internal sealed class DeviceLock : IDisposable
{
    private readonly int descriptor;

    private DeviceLock(int descriptor) => this.descriptor = descriptor;

    /// <exception cref="SerialLinkException">Another program has it, or the device cannot be opened.</exception>
    public static DeviceLock Take(string device)
    {
        var descriptor = Libc.Open(device, Libc.OpenReadWrite | Libc.OpenNoControllingTty | Libc.OpenNonBlocking | Libc.OpenCloseOnExec, 0);
        if (descriptor < 0)
            throw SerialFaults.CannotOpen(device, Libc.LastError, Libc.LastErrorText);
        if (Libc.Flock(descriptor, Libc.LockExclusiveNow) == 0)
            return new DeviceLock(descriptor);
        _ = Libc.Close(descriptor);
        throw SerialFaults.Busy(device);
    }

    public void Dispose() => _ = Libc.Close(descriptor);
}
