namespace HilRig.Agent.Places;

/// <summary>A kind of board as data: memory map and the addresses a step may need.</summary>
/// <param name="Flash">The whole array; <see cref="SectorSize"/> is the erase unit in bytes.</param>
/// <param name="WriteUnit">A write starts at a multiple of this, in bytes.</param>
/// <param name="Ram">Where a stack may lie.</param>
/// <param name="Reserved">The bootloader's own sectors.</param>
/// <param name="Application">Address of the application's vector table.</param>
/// <param name="BootWindow">How long the bootloader listens after a reset while a valid application is installed.</param>
/// <param name="UniqueId">Addresses of the words of the unique id, in the order of property 0x12.</param>
/// <param name="Registers">Registers read as evidence, by name.</param>
public sealed record BoardType(
    string Name,
    MemoryRange Flash,
    uint SectorSize,
    uint WriteUnit,
    MemoryRange Reserved,
    IReadOnlyList<MemoryRange> Ram,
    uint Application,
    TimeSpan BootWindow,
    IReadOnlyList<uint> UniqueId,
    IReadOnlyList<KeyValuePair<string, uint>> Registers)
{
    /// <summary><paramref name="length"/> rounded up to whole sectors.</summary>
    public uint RoundUpToSector(uint length) => (length + SectorSize - 1) / SectorSize * SectorSize;
}

/// <summary>Addresses from <paramref name="Start"/>, <paramref name="Size"/> bytes.</summary>
public readonly record struct MemoryRange(uint Start, uint Size)
{
    /// <summary>First address behind the range; 64 bits wide, since a range may end at 2³².</summary>
    public ulong End => (ulong)Start + Size;

    public bool Contains(MemoryRange other) => other.Start >= Start && other.End <= End;

    public bool Overlaps(MemoryRange other) => other.Start < End && Start < other.End;

    public override string ToString() => $"0x{Start:X8}–0x{End - 1:X8}";
}
