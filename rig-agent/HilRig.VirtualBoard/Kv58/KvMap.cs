namespace HilRig.VirtualBoard.Kv58;

/// <summary>Where things lie on a KV58F1M0 (facts: kboot §6).</summary>
public static class KvMap
{
    public const uint ItcmStart = 0x00000000;
    public const int ItcmSize = 0x10000;
    public const uint FlashStart = 0x10000000;
    public const uint FlashEnd = FlashStart + FlashArray.Size;
    public const uint DtcmStart = 0x20000000;
    public const int DtcmSize = 0x20000;
    public const uint OcramStart = 0x2F000000;
    public const int OcramSize = 0x10000;
    public const uint AipsStart = 0x40000000;
    public const int AipsSize = 0x80000;
    public const uint GpioStart = 0x400FF000;
    public const int GpioSize = 0x1000;
    public const uint PpbStart = 0xE0000000;
    public const int PpbSize = 0x100000;

    /// <summary>Where the TWR bootloader expects the application's vector table.</summary>
    public const uint ApplicationStart = 0x1000A000;

    public static bool IsFlash(uint address) => address is >= FlashStart and < FlashEnd;
}
