using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard;

/// <summary>One board as the command line describes it.</summary>
public sealed record BoardOptions
{
    public required string Name { get; init; }

    /// <summary>Everything left to chance on this board comes from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Divides flash times.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Pace of the line; 0 is unpaced.</summary>
    public int Baud { get; init; }

    public CacheGeometry Cache { get; init; } = new();

    /// <summary>IDR of the MDM-AP: the fact sheets give two revisions, and a board has the one it has.</summary>
    public uint MdmIdentification { get; init; } = CoreIdentification.MdmAccessPort;

    /// <summary>Programming flash twice spoils its ECC, as on silicon; off, the bits are just ANDed.</summary>
    public bool HasEcc { get; init; }

    public FirmwareOptions Firmware { get; init; } = new();

    /// <summary>As written: <c>name:key=value,key=value</c>.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
