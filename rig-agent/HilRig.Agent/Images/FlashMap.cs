namespace HilRig.Agent.Images;

/// <summary>A stretch of addresses; <paramref name="End"/> is the first address after it.</summary>
public readonly record struct AddressRange(uint Start, ulong End)
{
    /// <summary>Bytes in it.</summary>
    public uint Size => (uint)(End - Start);

    public static AddressRange Of(uint start, uint byteCount) => new(start, start + (ulong)byteCount);

    public bool Contains(ulong address) => address >= Start && address < End;

    public bool Contains(AddressRange other) => other.Start >= Start && other.End <= End;

    /// <summary>The least range of whole units that holds this one.</summary>
    public AddressRange Outwards(uint unit) => new(Start / unit * unit, (End + unit - 1) / unit * unit);

    public bool Overlaps(uint start, ulong end) => start < End && end > Start;

    public override string ToString() => $"0x{Start:X8}-0x{End - 1:X8}";
}

/// <summary>What an image must agree with.</summary>
/// <param name="Flash">The flash array.</param>
/// <param name="Bootloader">The sectors that the bootloader keeps for itself.</param>
/// <param name="ApplicationAddress">Where the bootloader looks for the application's vector table.</param>
/// <param name="SectorSize">Bytes erased together.</param>
/// <param name="WriteAlignment">Bytes; a write must start at a multiple.</param>
/// <param name="Ram">Where a stack may lie.</param>
public sealed record FlashMap(
    AddressRange Flash,
    AddressRange Bootloader,
    uint ApplicationAddress,
    uint SectorSize,
    uint WriteAlignment,
    IReadOnlyList<AddressRange> Ram)
{
    /// <summary>The chip's flash configuration field, 16 bytes at flash start + 0x400: a wrong byte there can lock the part.</summary>
    public AddressRange ConfigurationField => new(Flash.Start + 0x400, Flash.Start + 0x410UL);

    /// <summary>The bootloader configuration area, 64 bytes behind the application's vectors: the bootloader reads it once at boot.</summary>
    public AddressRange BootConfiguration => AddressRange.Of(ApplicationAddress + 0x3C0, 0x40);

    /// <summary>The first words of the application's vector table: stack pointer and reset handler decide whether it is started.</summary>
    public AddressRange Vectors => AddressRange.Of(ApplicationAddress, 0x10);

    /// <summary>Bytes to erase for <paramref name="byteCount"/> bytes from the start of a sector.</summary>
    public uint RoundUpToSector(uint byteCount) => (byteCount + SectorSize - 1) / SectorSize * SectorSize;
}
