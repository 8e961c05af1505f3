using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>ReliableUpdate: takes over the image that lies at an address. What it leaves in flash only the image's header knows.</summary>
public sealed record ReliableUpdateStep(uint Address) : IStep
{
    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.History.Left(FlashContent.Partial);
        await bench.Bootloader.ReliableUpdateAsync(Address, cancellationToken);
        bench.History.Left(FlashContent.Unknown);
    }
}
