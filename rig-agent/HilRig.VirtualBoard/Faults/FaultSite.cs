using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Power;

namespace HilRig.VirtualBoard.Faults;

/// <summary>What a fault may touch: array bits, cache lines, registers and clocks of the chip, the supply, the wire and the probe.</summary>
/// <param name="Chip">Its array, caches, registers, clocks and timers.</param>
/// <param name="Supply">The rail.</param>
/// <param name="ToDevice">Faults of the wire from the host.</param>
/// <param name="ToHost">Faults of the wire to the host.</param>
/// <param name="Probe">Faults of the debug probe and its wires.</param>
/// <param name="Chance">The fault's own stream.</param>
public sealed record FaultSite(Kv58Chip Chip, Supply Supply, List<ILineFault> ToDevice, List<ILineFault> ToHost, List<ProbeFault> Probe, Random Chance)
{
    public FlashArray Array => Chip.Ftfe.Array;

    /// <summary>Writes cells outright and drops what the controller buffered of them.</summary>
    public void SetCells(uint address, ReadOnlySpan<byte> bytes)
    {
        Array.Place((int)(address - KvMap.FlashStart), bytes);
        Chip.FlashBuffer.Reset();
    }
}

/// <summary>One kind of fault.</summary>
/// <param name="Name">As written on the command line.</param>
/// <param name="Fact">The rows of facts/kboot.md §10 that it makes, or other.</param>
/// <param name="Parameters">With their defaults.</param>
/// <param name="Host">What the host will see.</param>
/// <param name="Swd">What a debugger will see.</param>
/// <param name="Attach">Reads the parameters and arms the fault.</param>
public sealed record FaultKind(string Name, string Fact, string Parameters, string Host, string Swd, Action<FaultText, FaultSite> Attach);
