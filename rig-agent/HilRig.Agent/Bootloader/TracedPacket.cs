using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

public enum LinkDirection
{
    HostToDevice,
    DeviceToHost,
}

/// <summary>How the bytes of a trace entry were taken.</summary>
public enum TracedAs
{
    Packet,
    BadCrc,

    /// <summary>A frame that began and did not end.</summary>
    Truncated,

    /// <summary>Bytes outside any packet.</summary>
    Junk,
}

/// <summary>One entry of a <see cref="LinkTrace"/>.</summary>
/// <param name="Number">Counts from 1 over the life of the link.</param>
/// <param name="At">Since the link was opened; for received bytes, when their last one was read.</param>
/// <param name="Gap">Since the entry before, either way.</param>
/// <param name="Resend">0 for a first sending, then 1, 2 …</param>
/// <param name="Length">Bytes on the wire; <paramref name="Bytes"/> holds the first 38 of them.</param>
public sealed record TracedPacket(
    long Number,
    TimeSpan At,
    TimeSpan Gap,
    LinkDirection Direction,
    TracedAs Kind,
    int Resend,
    int Length,
    byte[] Bytes)
{
    /// <summary>The entry in words: <c>write-memory flags=1 [0x1000A000, 0xA28]</c>, <c>ACK</c>, <c>data, 32 bytes</c>.</summary>
    public string Describe() => Kind switch
    {
        TracedAs.Junk => $"{Length} bytes outside any packet",
        TracedAs.Truncated => $"frame broken off after {Length} bytes",
        TracedAs.BadCrc => $"frame with a bad CRC, {Length} bytes",
        _ => PacketReader.Read(Bytes, out var packet, out _) == ReadOutcome.Packet ? PacketText.Describe(packet) : "?",
    };
}
