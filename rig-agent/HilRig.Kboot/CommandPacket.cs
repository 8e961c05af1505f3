using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace HilRig.Kboot;

/// <summary>
/// The payload of a command packet or a response:
/// <code>tag | flags | 0 | parameter count | parameter[0..6] (u32, little-endian)</code>
/// </summary>
public readonly struct CommandPacket
{
    /// <summary>Flag bit 0: a data phase follows.</summary>
    public const byte HasDataPhase = 0x01;

    public const int MaxParameters = 7;

    private readonly ParameterWords parameters;

    public CommandPacket(CommandTag tag, byte flags, params ReadOnlySpan<uint> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters.Length, MaxParameters);
        Tag = tag;
        Flags = flags;
        ParameterCount = parameters.Length;
        parameters.CopyTo(this.parameters);
    }

    public CommandTag Tag { get; }

    public byte Flags { get; }

    public int ParameterCount { get; }

    /// <summary>Parameter <paramref name="index"/>; a missing one reads 0, as the device reads it (facts: kboot §1.3).</summary>
    public uint this[int index] => index < ParameterCount ? parameters[index] : 0;

    /// <summary>Reads a payload; false when it is shorter than the four-byte header. A count beyond the bytes present is clipped.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out CommandPacket command)
    {
        command = default;
        if (payload.Length < 4)
            return false;
        Span<uint> words = stackalloc uint[MaxParameters];
        var count = Math.Min(Math.Min((int)payload[3], MaxParameters), (payload.Length - 4) / 4);
        for (var index = 0; index < count; index++)
            words[index] = BinaryPrimitives.ReadUInt32LittleEndian(payload[(4 + (4 * index))..]);
        command = new CommandPacket((CommandTag)payload[0], payload[1], words[..count]);
        return true;
    }

    /// <summary>Writes the payload and returns its size, 4 + 4 × parameters.</summary>
    public int Write(Span<byte> payload)
    {
        payload[0] = (byte)Tag;
        payload[1] = Flags;
        payload[2] = 0;
        payload[3] = (byte)ParameterCount;
        for (var index = 0; index < ParameterCount; index++)
            BinaryPrimitives.WriteUInt32LittleEndian(payload[(4 + (4 * index))..], parameters[index]);
        return 4 + (4 * ParameterCount);
    }

    [InlineArray(MaxParameters)]
    private struct ParameterWords
    {
        private uint first;
    }
}
