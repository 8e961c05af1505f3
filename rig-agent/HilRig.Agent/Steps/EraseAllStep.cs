using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;

namespace HilRig.Agent.Steps;

/// <summary>FlashEraseAll: everything but the bootloader's own sectors.</summary>
public sealed record EraseAllStep : IStep
{
    public IReadOnlyList<IntendedContent> Intends(Bench bench) =>
        bench.History.BeforeErase is FlashContent.Application ? [new(new AddressRange((uint)bench.Board.Map.Bootloader.End, bench.Board.Map.Flash.End), null)] : [];

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.Touched = new AddressRange((uint)bench.Board.Map.Bootloader.End, bench.Board.Map.Flash.End);
        bench.History.EraseBegan();
        await bench.Bootloader.FlashEraseAllAsync(cancellationToken);
        bench.Erased.Erased(bench.Touched.Value);
        bench.History.Left(FlashContent.Blank);
    }
}
