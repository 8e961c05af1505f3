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
    IReadOnlyList<KeyValuePair<string, uint>> Registers);
