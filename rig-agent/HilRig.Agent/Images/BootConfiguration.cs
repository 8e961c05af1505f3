namespace HilRig.Agent.Images;

/// <summary>
/// The bootloader configuration area (BCA), which the bootloader obeys from its next start on (KBTLDR200RM §2.3):
/// <code>
/// 00  "kcfg"               anything else: no configuration, all by default
/// 10  enabledPeripherals   bit 0 UART, 1 I2C, 2 SPI, 3 CAN, 4 HID, 5 CDC, 6 DFU, 7 MSC
/// </code>
/// </summary>
public static class BootConfiguration
{
    private const int PeripheralsOffset = 0x10;
    private const int Uart = 1 << 0;

    /// <summary>It is valid and tells the bootloader not to listen on its UART.</summary>
    /// <param name="area">64 bytes.</param>
    public static bool LeavesUartOut(ReadOnlySpan<byte> area) => area.StartsWith("kcfg"u8) && (area[PeripheralsOffset] & Uart) == 0;

    /// <summary>The area in an image, or null where the image does not hold all of it.</summary>
    public static ReadOnlyMemory<byte>? Of(Image image, FlashMap map) => image.Read(map.BootConfiguration.Start, (int)map.BootConfiguration.Size);
}
