namespace HilRig.Agent.Serial;

/// <summary>The reasons why a port cannot be had, each with its remedy.</summary>
internal static class SerialFaults
{
    public static SerialLinkException Missing(string device) =>
        new(device, "does not exist", "connect the board or correct serial.device");

    public static SerialLinkException Busy(string device) =>
        new(device, "is in use by another program", "close that program (fuser shows it)");

    public static SerialLinkException NoSerialPort(string device) =>
        new(device, "is not a serial port", "give a tty such as /dev/ttyACM0");

    public static SerialLinkException Refused(string device, int baud, string reason) =>
        new(device, $"refuses {baud} baud 8N1 ({reason})", "choose a rate that its driver supports");

    /// <summary>From an error number of the system and its text.</summary>
    public static SerialLinkException CannotOpen(string device, int error, string text) => error switch
    {
        Libc.NoEntry => Missing(device),
        Libc.NoDevice => new(device, "has no device behind it", "connect the board"),
        Libc.AccessDenied => new(device, "may not be opened by this user", "add the user to the group that owns it (often dialout)"),
        Libc.Busy or Libc.TryAgain => Busy(device),
        Libc.NotATty => NoSerialPort(device),
        _ => new(device, $"cannot be opened ({text})", "check the device"),
    };
}
