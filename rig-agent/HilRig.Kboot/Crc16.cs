using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HilRig.Kboot;

/// <summary>CRC-16/XMODEM: polynomial 0x1021, start 0, no reflection, no final xor.</summary>
public static class Crc16
{
    private const int Stride = 16;

    /// <summary>
    /// Row <c>k</c> holds what a byte does to the CRC when <c>k</c> zero bytes follow it. So 16 bytes are 16 lookups that do
    /// not wait for one another, where the plain table waits for each before the next ("slicing", Kounavis and Berry 2005).
    /// </summary>
    private static readonly ushort[] Rows = BuildRows();

    /// <summary>Continues <paramref name="crc"/> over <paramref name="bytes"/>; start with 0.</summary>
    public static ushort Append(ushort crc, ReadOnlySpan<byte> bytes)
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(Rows);
        for (; bytes.Length >= Stride; bytes = bytes[Stride..])
        {
            var high = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ ((ulong)crc << 48);
            var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
            crc = (ushort)(Slice(ref rows, high, 8) ^ Slice(ref rows, low, 0));
        }
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            var word = BinaryPrimitives.ReadUInt32BigEndian(bytes) ^ ((uint)crc << 16);
            crc = (ushort)(Row(ref rows, 3, word >> 24) ^ Row(ref rows, 2, word >> 16) ^ Row(ref rows, 1, word >> 8) ^ Row(ref rows, 0, word));
        }
        foreach (var value in bytes)
            crc = (ushort)((crc << 8) ^ Row(ref rows, 0, (uint)(crc >> 8) ^ value));
        return crc;
    }

    /// <summary>Eight bytes that <paramref name="following"/> bytes follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slice(ref ushort rows, ulong bytes, int following) =>
        Row(ref rows, following + 7, (uint)(bytes >> 56)) ^ Row(ref rows, following + 6, (uint)(bytes >> 48)) ^
        Row(ref rows, following + 5, (uint)(bytes >> 40)) ^ Row(ref rows, following + 4, (uint)(bytes >> 32)) ^
        Row(ref rows, following + 3, (uint)bytes >> 24) ^ Row(ref rows, following + 2, (uint)bytes >> 16) ^
        Row(ref rows, following + 1, (uint)bytes >> 8) ^ Row(ref rows, following, (uint)bytes);

    /// <summary>An index of 16 rows × 256 never leaves the array, so its bounds need no check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Row(ref ushort rows, int row, uint value) => Unsafe.Add(ref rows, (nuint)((row << 8) | (byte)value));

    private static ushort[] BuildRows()
    {
        var rows = new ushort[Stride * 256];
        for (var value = 0; value < 256; value++)
        {
            var crc = (ushort)(value << 8);
            for (var row = 0; row < Stride; row++)
            {
                for (var bit = 0; bit < 8; bit++)
                    crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
                rows[(row << 8) | value] = crc;
            }
        }
        return rows;
    }
}
