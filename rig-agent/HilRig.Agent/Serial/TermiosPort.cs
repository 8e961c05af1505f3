namespace HilRig.Agent.Serial;

/// <summary>Opens and sets up a tty through the kernel; returns a descriptor or says in one line why not.</summary>
internal static unsafe class TermiosPort
{
    /// <summary>How far a driver's rate may be from the one asked for: half of what a UART frame stands.</summary>
    private const double RateTolerance = 0.02;

    /// <exception cref="SerialLinkException">Missing, no tty, busy, forbidden, or not at that rate.</exception>
    public static int Open(string device, int baud)
    {
        var descriptor = Libc.Open(device, Libc.OpenReadWrite | Libc.OpenNoControllingTty | Libc.OpenNonBlocking | Libc.OpenCloseOnExec, 0);
        if (descriptor < 0)
            throw SerialFaults.CannotOpen(device, Libc.LastError, Libc.LastErrorText);
        try
        {
            SetUp(descriptor, device, baud);
            return descriptor;
        }
        catch
        {
            _ = Libc.Close(descriptor);
            throw;
        }
    }

    private static void SetUp(int descriptor, string device, int baud)
    {
        Termios2 settings;
        if (Libc.Ioctl(descriptor, Libc.GetTermios2, &settings) != 0)
            throw SerialFaults.NoSerialPort(device);
        // TIOCEXCL keeps other users out but not root; the advisory lock, which pyserial takes too, keeps root out.
        if (Libc.Flock(descriptor, Libc.LockExclusiveNow) != 0)
            throw SerialFaults.Busy(device);
        _ = Libc.Ioctl(descriptor, Libc.SetExclusive, null);

        settings.MakeRaw(baud);
        if (Libc.Ioctl(descriptor, Libc.SetTermios2, &settings) != 0)
            throw SerialFaults.Refused(device, baud, Libc.LastErrorText);
        TermiosDriver.PreferLowLatency(descriptor);
        Termios2 actual;
        if (Libc.Ioctl(descriptor, Libc.GetTermios2, &actual) == 0 && Math.Abs((double)actual.Baud - baud) > baud * RateTolerance)
            throw SerialFaults.Refused(device, baud, $"it runs at {actual.Baud}");
    }
}
