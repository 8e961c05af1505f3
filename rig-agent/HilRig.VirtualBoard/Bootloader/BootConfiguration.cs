using System.Buffers.Binary;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>
/// The bootloader configuration area at application + 0x3C0, copied once at boot; a wrong tag makes it all FF (facts: kboot §5.1).
/// <code>00 "kcfg"  04 CRC start  08 CRC byte count  0C CRC  10 enabled peripherals  12 detection timeout (ms)  1E boot flags, inverted</code>
/// </summary>
public sealed class BootConfiguration
{
    private const uint Address = KvMap.ApplicationStart + 0x3C0;
    private const int Size = 64;

    /// <summary>UART, I2C, SPI and CAN are built in.</summary>
    private const byte BuiltIn = 0x0F;

    private readonly byte[] area;

    private BootConfiguration(byte[] area) => this.area = area;

    public uint CrcStart => Word(0x04);

    public uint CrcByteCount => Word(0x08);

    public uint CrcExpected => Word(0x0C);

    /// <summary>Bit 0 UART, 1 I2C, 2 SPI, 3 CAN.</summary>
    public byte EnabledPeripherals => (byte)(area[0x10] & BuiltIn);

    public bool IsUartEnabled => (area[0x10] & 1) != 0;

    /// <summary>Null where the area leaves it to the build.</summary>
    public TimeSpan? DetectionTimeout
    {
        get
        {
            var milliseconds = BinaryPrimitives.ReadUInt16LittleEndian(area.AsSpan(0x12));
            return milliseconds == 0xFFFF ? null : TimeSpan.FromMilliseconds(milliseconds);
        }
    }

    /// <summary>FE: start a valid application at once.</summary>
    public bool IsDirectBoot => area[0x1E] == 0xFE;

    /// <summary>Ordinary loads: two cache lines are filled.</summary>
    public static BootConfiguration Load(Bus bus)
    {
        var area = new byte[Size];
        bus.TryLoad(Address, area);
        if (!area.AsSpan(0, 4).SequenceEqual("kcfg"u8))
            Array.Fill(area, (byte)0xFF);
        return new BootConfiguration(area);
    }

    private uint Word(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(area.AsSpan(offset));
}
