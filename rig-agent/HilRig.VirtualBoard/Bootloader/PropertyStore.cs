using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>The properties of KBOOT 2.0 on a KV58 (facts: kboot §3).</summary>
internal sealed class PropertyStore(Kv58Chip chip, FirmwareBehaviour behaviour, BootConfiguration configuration, StatusCode? crc)
{
    public const int MaxWords = 5;

    private static readonly uint[] RamTable =
    [
        KvMap.ItcmStart, KvMap.DtcmStart, KvMap.OcramStart,
        KvMap.ItcmSize, KvMap.DtcmSize, KvMap.OcramSize,
    ];

    public bool VerifiesWrites { get; private set; } = behaviour.Profile["verify"] != "off";

    /// <summary>0 normal, 1 user, 2 factory.</summary>
    public byte ReadMargin { get; private set; } = 1;

    /// <summary>Last address of the bootloader: its image rounded up to a sector, or what a bad linker file made of it.</summary>
    public uint FlashReservedLast
    {
        get
        {
            var end = (uint)behaviour.Profile.Size;
            if (uint.TryParse(behaviour.Profile["reserved"], out var wrong))
                end = wrong;
            return KvMap.FlashStart + ((end + FlashArray.SectorSize - 1) / FlashArray.SectorSize * FlashArray.SectorSize) - 1;
        }
    }

    /// <summary>Whether the range touches the bootloader's flash or RAM.</summary>
    public bool IsReserved(uint address, uint length) =>
        length > 0 && (Overlaps(address, length, KvMap.FlashStart, FlashReservedLast)
            || Overlaps(address, length, KvMap.DtcmStart, FirmwareImage.BootloaderRamEnd));

    /// <summary>Writes the property's words and returns how many; 0 is an unknown property.</summary>
    public int Get(uint tag, uint index, Span<uint> words)
    {
        switch ((PropertyTag)tag)
        {
            case PropertyTag.ReservedRegions:
                words[0] = KvMap.FlashStart;
                words[1] = FlashReservedLast;
                words[2] = KvMap.DtcmStart;
                words[3] = FirmwareImage.BootloaderRamEnd;
                return 4;
            case PropertyTag.UniqueDeviceId:
                // UIDL, UIDML, UIDMH; the fourth word is not compiled in.
                words[0] = chip.SystemIntegration.UniqueId[3];
                words[1] = chip.SystemIntegration.UniqueId[2];
                words[2] = chip.SystemIntegration.UniqueId[1];
                return 3;
        }
        uint? single = (PropertyTag)tag switch
        {
            PropertyTag.BootloaderVersion => VersionWord(),
            PropertyTag.AvailablePeripherals => configuration.EnabledPeripherals,
            PropertyTag.FlashStartAddress => KvMap.FlashStart,
            PropertyTag.FlashSizeInBytes => FlashArray.Size,
            PropertyTag.FlashSectorSize => FlashArray.SectorSize,
            PropertyTag.FlashBlockCount => 1,
            PropertyTag.AvailableCommands => 0x0000FFFF,
            PropertyTag.CrcCheckStatus => (uint?)crc,
            PropertyTag.VerifyWrites => VerifiesWrites ? 1u : 0,
            PropertyTag.MaxPacketSize => Packet.MaxPayload,
            PropertyTag.RamStartAddress => RamWord(index),
            PropertyTag.RamSizeInBytes => RamWord((ulong)index + 3),
            PropertyTag.SystemDeviceId => SystemIntegration.DeviceId,
            PropertyTag.FlashSecurityState => chip.IsSecured ? 1u : 0,
            PropertyTag.FacSupport or PropertyTag.FlashAccessSegmentSize or PropertyTag.FlashAccessSegmentCount => 0,
            PropertyTag.FlashReadMargin => ReadMargin,
            PropertyTag.TargetVersion => 0x54010000,
            _ => null,
        };
        words[0] = single ?? 0;
        return single is null ? 0 : 1;
    }

    public StatusCode Set(uint tag, uint value)
    {
        switch ((PropertyTag)tag)
        {
            case PropertyTag.VerifyWrites when value <= 1:
                VerifiesWrites = value == 1;
                return StatusCode.Success;
            case PropertyTag.FlashReadMargin when value <= 2:
                ReadMargin = (byte)value;
                return StatusCode.Success;
            case PropertyTag.VerifyWrites or PropertyTag.FlashReadMargin:
                return StatusCode.InvalidPropertyValue;
            case PropertyTag.UniqueDeviceId or PropertyTag.FacSupport or PropertyTag.FlashAccessSegmentSize or PropertyTag.FlashAccessSegmentCount:
                return StatusCode.UnknownProperty; // the code's answer; the manual says read-only
        }
        Span<uint> words = stackalloc uint[MaxWords];
        return Get(tag, 0, words) > 0 ? StatusCode.ReadOnlyProperty : StatusCode.UnknownProperty;
    }

    /// <summary>'K' and the release's version.</summary>
    private uint VersionWord() => System.Version.TryParse(behaviour.Profile.Version, out var version)
        ? ('K' << 24) | ((uint)version.Major << 16) | ((uint)version.Minor << 8) | (uint)Math.Max(0, version.Build)
        : 0x4B020000;

    /// <summary>The index is not range-checked: beyond the three banks the neighbouring words are read (EC 39).</summary>
    private static uint RamWord(ulong index) => index < (ulong)RamTable.Length ? RamTable[index] : 0;

    private static bool Overlaps(uint address, uint length, uint first, uint last) => address <= last && (ulong)address + length > first;
}
