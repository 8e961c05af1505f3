using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>WriteMemory with bytes of the sequence's own, to RAM, to a register or to erased flash.</summary>
public sealed record WriteMemoryStep(uint Start, HexBytes Data) : IStep
{
    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) =>
        bench.WriteByHandAsync(AddressRange.Of(Start, (uint)Data.Count), () => bench.Bootloader.WriteMemoryAsync(Start, Data.ToArray(), cancellationToken));
}
