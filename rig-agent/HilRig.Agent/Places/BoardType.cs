using HilRig.Agent.Images;

namespace HilRig.Agent.Places;

/// <summary>A kind of board as data: memory map and the addresses a step may need.</summary>
/// <param name="Map">Flash, the bootloader's own sectors, the application's address, RAM.</param>
/// <param name="BootWindow">How long the bootloader listens after a reset while a valid application is installed.</param>
/// <param name="UniqueId">Addresses of the words of the unique id, in the order of property 0x12.</param>
/// <param name="Registers">Registers read as evidence, by name.</param>
public sealed record BoardType(
    string Name,
    FlashMap Map,
    TimeSpan BootWindow,
    IReadOnlyList<uint> UniqueId,
    IReadOnlyList<BoardRegister> Registers)
{
    /// <summary>What the virtual board takes for granted of the chip, by the names of <c>agent characterise</c>: numbers and times as they are written.</summary>
    public IReadOnlyDictionary<string, string> Assumed { get; init; } = new Dictionary<string, string>();
}

/// <summary>A 32-bit register that SWD can read while the core runs.</summary>
/// <param name="Bits">Names of bits, by their number.</param>
public sealed record BoardRegister(string Name, uint Address, IReadOnlyList<KeyValuePair<int, string>> Bits)
{
    /// <summary><c>FTFE_FSTAT  0x00000080  CCIF=1 RDCOLERR=0 ACCERR=0</c>; of more than eight named bits only those that are set.</summary>
    public string Describe(uint value)
    {
        var named = Bits.Select(bit => (bit.Value, IsSet: (value >> bit.Key & 1) != 0)).ToList();
        var shown = named.Count > 8 ? named.Where(bit => bit.IsSet).ToList() : named;
        var words = shown.Count == 0 && named.Count > 0 ? $"none of {named.Count} flags is set" : string.Join(' ', shown.Select(bit => $"{bit.Value}={(bit.IsSet ? 1 : 0)}"));
        return $"{Name,-12} 0x{value:X8}  {words}".TrimEnd();
    }
}
