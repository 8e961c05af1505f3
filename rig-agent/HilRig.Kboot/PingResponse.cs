using System.Buffers.Binary;

namespace HilRig.Kboot;

/// <summary>What a device says of itself when pinged.</summary>
/// <param name="Protocol">P1.2.0 for KBOOT 2.0.</param>
/// <param name="Options">0 in KBOOT 2.0.</param>
public readonly record struct PingResponse(VersionWord Protocol, ushort Options)
{
    /// <summary>Reads the 6 payload bytes of a ping response packet.</summary>
    public static PingResponse Parse(ReadOnlySpan<byte> payload) =>
        new(new VersionWord(BinaryPrimitives.ReadUInt32LittleEndian(payload)), BinaryPrimitives.ReadUInt16LittleEndian(payload[4..]));
}

/// <summary>A version as KBOOT packs it: <c>name&lt;&lt;24 | major&lt;&lt;16 | minor&lt;&lt;8 | bugfix</c>.</summary>
public readonly record struct VersionWord(uint Value)
{
    public char Name => (char)(Value >> 24);

    public byte Major => (byte)(Value >> 16);

    public byte Minor => (byte)(Value >> 8);

    public byte Bugfix => (byte)Value;

    public override string ToString() => $"{Name}{Major}.{Minor}.{Bugfix}";
}
