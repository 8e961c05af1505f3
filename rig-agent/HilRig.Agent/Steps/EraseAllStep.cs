using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>FlashEraseAll: everything but the bootloader's own sectors.</summary>
public sealed record EraseAllStep : IStep
{
    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.History.EraseBegan();
        await bench.Bootloader.FlashEraseAllAsync(cancellationToken);
        bench.History.Left(FlashContent.Blank);
    }
}
