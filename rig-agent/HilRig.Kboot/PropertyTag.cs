namespace HilRig.Kboot;

/// <summary>Properties of KBOOT 2.0 (KBTLDR200RM ch. 6).</summary>
public enum PropertyTag : uint
{
    BootloaderVersion = 0x01,
    AvailablePeripherals = 0x02,
    FlashStartAddress = 0x03,
    FlashSizeInBytes = 0x04,
    FlashSectorSize = 0x05,
    FlashBlockCount = 0x06,
    AvailableCommands = 0x07,
    CrcCheckStatus = 0x08,
    VerifyWrites = 0x0A,
    MaxPacketSize = 0x0B,
    ReservedRegions = 0x0C,
    RamStartAddress = 0x0E,
    RamSizeInBytes = 0x0F,
    SystemDeviceId = 0x10,
    FlashSecurityState = 0x11,
    UniqueDeviceId = 0x12,
    FacSupport = 0x13,
    FlashAccessSegmentSize = 0x14,
    FlashAccessSegmentCount = 0x15,
    FlashReadMargin = 0x16,
    QspiInitStatus = 0x17,
    TargetVersion = 0x18,
    ExternalMemoryAttributes = 0x19,
    ReliableUpdateStatus = 0x1A,
}
