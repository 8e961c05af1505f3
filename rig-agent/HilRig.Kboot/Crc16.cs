namespace HilRig.Kboot;

/// <summary>CRC-16/XMODEM: polynomial 0x1021, start 0, no reflection, no final xor.</summary>
public static class Crc16
{
    private static readonly ushort[] Table = BuildTable();

    /// <summary>Continues <paramref name="crc"/> over <paramref name="bytes"/>; start with 0.</summary>
    public static ushort Append(ushort crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = (ushort)((crc << 8) ^ Table[(crc >> 8) ^ value]);
        return crc;
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (var value = 0; value < 256; value++)
        {
            var crc = (ushort)(value << 8);
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
            table[value] = crc;
        }
        return table;
    }
}
