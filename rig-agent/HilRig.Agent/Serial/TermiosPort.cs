namespace HilRig.Agent.Serial;

/// <summary>Opens and sets up a tty through the kernel; returns a descriptor or says in one line why not.</summary>
internal static unsafe class TermiosPort
{
    /// <exception cref="SerialLinkException">Missing, no tty, busy, forbidden, or not at that rate.</exception>
    public static int Open(string device, int baud)
    {
        var descriptor = Libc.Open(device, Libc.OpenReadWrite | Libc.OpenNoControllingTty | Libc.OpenNonBlocking | Libc.OpenCloseOnExec, 0);
        if (descriptor < 0)
            throw CannotOpen(device, Libc.LastError, Libc.LastErrorText);
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
            throw new SerialLinkException(device, "is not a serial port", "give a tty such as /dev/ttyACM0");
        // TIOCEXCL keeps other users out; root passes it, the advisory lock (as pyserial takes it) does not let root pass.
        if (Libc.Flock(descriptor, Libc.LockExclusiveNow) != 0)
            throw Busy(device);
        _ = Libc.Ioctl(descriptor, Libc.SetExclusive, null);

        settings.MakeRaw(baud);
        if (Libc.Ioctl(descriptor, Libc.SetTermios2, &settings) != 0)
            throw new SerialLinkException(device, $"refuses {baud} baud 8N1 ({Libc.LastErrorText})", "choose a rate that its driver supports");
        Termios2 actual;
        if (Libc.Ioctl(descriptor, Libc.GetTermios2, &actual) == 0 && Math.Abs((double)actual.Baud - baud) > baud * 0.02)
            throw new SerialLinkException(device, $"runs at {actual.Baud} baud where {baud} was asked for", "choose a rate that its driver supports");
    }

    private static SerialLinkException CannotOpen(string device, int error, string text) => error switch
    {
        Libc.NoEntry => new(device, "does not exist", "connect the board or correct serial.device"),
        Libc.NoDevice => new(device, "has no device behind it", "connect the board"),
        Libc.AccessDenied => new(device, "may not be opened by this user", "add the user to the group that owns it (often dialout)"),
        Libc.Busy => Busy(device),
        _ => new(device, $"cannot be opened ({text})", "check the device"),
    };

    private static SerialLinkException Busy(string device) => new(device, "is in use by another program", "close that program (fuser shows it)");
}
