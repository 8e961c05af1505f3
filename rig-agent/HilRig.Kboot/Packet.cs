namespace HilRig.Kboot;

/// <summary>One unit as it lay in a receive buffer; valid only as long as that buffer.</summary>
/// <param name="type">What it is.</param>
/// <param name="payload">The 0–32 bytes of a command or data packet, the 6 bytes of a ping response, else empty.</param>
public readonly ref struct Packet(PacketType type, ReadOnlySpan<byte> payload)
{
    /// <summary>First byte of everything on the wire.</summary>
    public const byte StartByte = 0x5A;

    /// <summary>Largest payload a serial KBOOT 2.0 accepts, in bytes.</summary>
    public const int MaxPayload = 32;

    /// <summary>Start, type, two length bytes, two CRC bytes.</summary>
    public const int HeaderSize = 6;

    /// <summary>Largest frame: header and payload, in bytes.</summary>
    public const int MaxFrame = HeaderSize + MaxPayload;

    /// <summary>Size of a ping response on the wire, in bytes.</summary>
    public const int PingResponseSize = 10;

    public PacketType Type { get; } = type;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
