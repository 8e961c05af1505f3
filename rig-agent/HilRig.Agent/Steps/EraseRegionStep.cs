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
        var vectors = AddressRange.Of(bench.Board.Map.ApplicationAddress, 8);
        var image = bench.Image is { } written ? new AddressRange(written.Start, written.End) : vectors;
        if (erased.Overlaps(vectors.Start, vectors.End) || erased.Overlaps(image.Start, image.End))
            bench.History.EraseBegan();
        else
            bench.History.EraseElsewhereBegan();
        await bench.Bootloader.FlashEraseRegionAsync(start, length, cancellationToken);
        if (erased.Contains(vectors) && erased.Contains(image))
            bench.History.Left(FlashContent.Blank);
        else if (erased.Contains(vectors))
            bench.History.VectorsErased();
    }
}
