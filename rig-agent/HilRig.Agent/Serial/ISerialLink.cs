namespace HilRig.Agent.Serial;

/// <summary>An open serial port, 8N1, owned by one thread at a time. Every failure of the port is a <see cref="SerialLinkException"/>.</summary>
public interface ISerialLink : IDisposable
{
    /// <summary>The device as it was asked for, for example <c>/dev/ttyACM0</c>.</summary>
    string Name { get; }

    /// <summary>Bits per second.</summary>
    int Baud { get; }

    /// <summary>What the driver counted; null where it does not, or while the device is gone. Never throws.</summary>
    SerialLineErrors? LineErrors { get; }

    /// <summary>
    /// Waits up to <paramref name="timeout"/> for at least one byte and returns what is there; 0 means the time passed.
    /// A zero timeout only looks.
    /// </summary>
    int Read(Span<byte> buffer, TimeSpan timeout);

    /// <summary>Hands all bytes to the driver, in one call where it takes them: a KBOOT device allows 10 ms between two bytes of a frame.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Drops what has arrived and was not read.</summary>
    void DiscardInput();

    /// <summary>Closes the device, as a tool does that runs once a command; the next call opens it again.</summary>
    void Close();
}
