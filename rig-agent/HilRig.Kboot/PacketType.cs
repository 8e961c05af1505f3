namespace HilRig.Kboot;

/// <summary>Second byte of every unit on the wire (KBTLDR200RM ch. 4).</summary>
public enum PacketType : byte
{
    /// <summary>The previous packet was received and accepted.</summary>
    Ack = 0xA1,

    /// <summary>The previous packet was damaged: send it again.</summary>
    Nak = 0xA2,

    /// <summary>Received, but the sender of this ends the data phase.</summary>
    AckAbort = 0xA3,

    /// <summary>A command, and every response to one.</summary>
    Command = 0xA4,

    /// <summary>Up to 32 bytes of a data phase; zero bytes abort it.</summary>
    Data = 0xA5,

    /// <summary>Asks whether anybody is there; after a reset it also sets the baud rate.</summary>
    Ping = 0xA6,

    /// <summary>The answer to a ping: protocol version and options.</summary>
    PingResponse = 0xA7,
}
