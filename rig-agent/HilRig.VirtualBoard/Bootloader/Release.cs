namespace HilRig.VirtualBoard.Bootloader;

/// <summary>The bootloader releases that exist.</summary>
public static class Release
{
    /// <summary>What a board has when nothing else is installed: NXP's sources, with or without the SDK's cache-enabling startup.</summary>
    public static FirmwareProfile Default(bool dataCache) => FirmwareProfile.Parse(
        $"kind=bootloader\nname=kboot-kv58\nversion=2.0.0\nsize={FirmwareImage.BootloaderSize}\ndcache={(dataCache ? "on" : "off")}\ninvalidate=none\n");
}
