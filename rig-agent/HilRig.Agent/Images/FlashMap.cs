namespace HilRig.Agent.Images;

/// <summary>A stretch of addresses; <paramref name="End"/> is the first address after it.</summary>
public readonly record struct AddressRange(uint Start, ulong End)
{
    public bool Contains(ulong address) => address >= Start && address < End;

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

    /// <summary>Bytes to erase for <paramref name="byteCount"/> bytes from the start of a sector.</summary>
    public uint RoundUpToSector(uint byteCount) => (byteCount + SectorSize - 1) / SectorSize * SectorSize;

    /// <summary>KV58F1M0 with the TWR bootloader (facts: kboot §3, §6).</summary>
    public static FlashMap Kv58 { get; } = new(
        new AddressRange(0x1000_0000, 0x1010_0000),
        new AddressRange(0x1000_0000, 0x1000_6000),
        0x1000_A000,
        0x2000,
        32,
        [new AddressRange(0, 0x1_0000), new AddressRange(0x2000_0000, 0x2002_0000), new AddressRange(0x2F00_0000, 0x2F01_0000)]);
}
