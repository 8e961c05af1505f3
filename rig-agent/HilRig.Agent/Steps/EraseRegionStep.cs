using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;

namespace HilRig.Agent.Steps;

/// <summary>FlashEraseRegion; without arguments the sectors that the image needs.</summary>
public sealed record EraseRegionStep(uint? Start = null, uint? Length = null) : IStep
{
    public string? Refuse(Place place, Image? image) =>
        (Start is null || Length is null) && image is null ? "it needs `start` and `length`, or an image (--image)" : null;

    public IReadOnlyList<IntendedContent> Intends(Bench bench) =>
        bench.History.BeforeErase is FlashContent.Application && bench.Touched is { } erased && erased.Contains(bench.Board.Map.Vectors) ? [new(erased, null)] : [];

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var start = Start ?? bench.Image!.Start;
        var length = Length ?? bench.Board.Map.RoundUpToSector((uint)(bench.Image!.End - bench.Image.Start));
        bench.Touched = AddressRange.Of(start, length);
        var erased = bench.Touched.Value;
        if (bench.HoldsApplication(erased))
            bench.History.EraseBegan();
        else
            bench.History.EraseElsewhereBegan();
        await bench.Bootloader.FlashEraseRegionAsync(start, length, cancellationToken);
        bench.Erased.Erased(erased);
        if (erased.Contains(bench.Vectors()) && erased.Contains(bench.ImageRange()))
            bench.History.Left(FlashContent.Blank);
        else if (erased.Contains(bench.Vectors()))
            bench.History.VectorsErased();
    }
}
