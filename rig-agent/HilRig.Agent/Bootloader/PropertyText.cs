using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>Property values in words (facts: kboot §3).</summary>
public static class PropertyText
{
    private static readonly string[] Peripherals = ["UART", "I2C slave", "SPI slave", "CAN", "USB HID", "USB CDC", "USB DFU", "USB MSC"];

    private static readonly string[] ReadMargins = ["normal", "user", "factory"];

    /// <summary>For example <c>K2.0.0</c>, <c>1048576 bytes (0x100000)</c>, <c>UART, CAN</c>.</summary>
    public static string Describe(PropertyTag tag, IReadOnlyList<uint> words)
    {
        if (words.Count == 0)
            return "no value";
        var value = words[0];
        return tag switch
        {
            PropertyTag.BootloaderVersion or PropertyTag.TargetVersion => new VersionWord(value).ToString(),
            PropertyTag.AvailablePeripherals => Bits(value, bit => bit < Peripherals.Length ? Peripherals[bit] : $"bit {bit}"),
            PropertyTag.AvailableCommands => Bits(value, bit => ((CommandTag)(bit + 1)).ToManualName()),
            PropertyTag.FlashSizeInBytes or PropertyTag.RamSizeInBytes or PropertyTag.FlashSectorSize or PropertyTag.MaxPacketSize => $"{value} bytes (0x{value:X})",
            PropertyTag.VerifyWrites => value == 0 ? "off" : "on",
            PropertyTag.FlashSecurityState => value == 0 ? "open" : "secured",
            PropertyTag.FlashReadMargin => value < ReadMargins.Length ? ReadMargins[value] : $"{value}",
            PropertyTag.CrcCheckStatus or PropertyTag.ReliableUpdateStatus or PropertyTag.QspiInitStatus => $"{value} {((StatusCode)value).ToManualName()}",
            PropertyTag.ReservedRegions => Regions(words),
            PropertyTag.UniqueDeviceId => string.Join(' ', words.Select(word => $"{word:X8}")),
            PropertyTag.FlashBlockCount or PropertyTag.FacSupport or PropertyTag.FlashAccessSegmentCount => $"{value}",
            _ => string.Join(' ', words.Select(word => $"0x{word:X8}")),
        };
    }

    private static string Bits(uint value, Func<int, string> name)
    {
        var names = Enumerable.Range(0, 32).Where(bit => (value & (1U << bit)) != 0).Select(name).ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }

    private static string Regions(IReadOnlyList<uint> words) =>
        string.Join(", ", words.Chunk(2).Select(pair => pair.Length == 2 ? $"0x{pair[0]:X8}-0x{pair[1]:X8}" : $"0x{pair[0]:X8}"));
}
