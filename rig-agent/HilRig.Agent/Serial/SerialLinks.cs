namespace HilRig.Agent.Serial;

/// <summary>Opens serial ports.</summary>
public static class SerialLinks
{
    /// <summary>Opens <paramref name="device"/> for this process alone, 8N1, at <paramref name="baud"/> bits per second.</summary>
    /// <exception cref="SerialLinkException">It is missing, no serial port, busy, forbidden, or cannot run at that rate.</exception>
    public static ISerialLink Open(string device, int baud, SerialDriver driver)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baud);
        var termios = driver == SerialDriver.Termios || (driver == SerialDriver.Automatic && OperatingSystem.IsLinux());
        if (!termios)
            return new SerialPortLink(device, baud);
        return OperatingSystem.IsLinux()
            ? new TermiosLink(device, baud)
            : throw new SerialLinkException(device, "serial.driver termios needs Linux", "use system-io-ports");
    }
}
