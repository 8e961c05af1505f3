using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>FlashEraseRegion; without arguments the sectors that the image needs.</summary>
public sealed record EraseRegionStep(uint? Start = null, uint? Length = null) : IStep
{
    public string? Refuse(Place place, Image? image) =>
        (Start is null || Length is null) && image is null ? "it needs `start` and `length`, or an image (--image)" : null;

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var start = Start ?? bench.Image!.Start;
        var length = Length ?? bench.Board.Map.RoundUpToSector((uint)(bench.Image!.End - bench.Image.Start));
        bench.Touched = AddressRange.Of(start, length);
        bench.History.EraseBegan();
        await bench.Bootloader.FlashEraseRegionAsync(start, length, cancellationToken);
        if (bench.Touched.Value.Contains(AddressRange.Of(bench.Board.Map.ApplicationAddress, 8)))
            bench.History.Left(FlashContent.Blank);
    }
}
