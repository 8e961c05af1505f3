using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>FillMemory: a word over and over.</summary>
public sealed record FillMemoryStep(uint Start, uint Length, uint Pattern) : IStep
{
    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) =>
        bench.WriteByHandAsync(AddressRange.Of(Start, Length), () => bench.Bootloader.FillMemoryAsync(Start, Length, Pattern, cancellationToken));
}
