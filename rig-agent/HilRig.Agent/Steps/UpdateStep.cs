using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>
/// Writes the image as KinetisFlashTool does: erases the sectors of each segment, then writes each segment.
/// No read-back, no blank check, and on an error no reset: the board keeps the state that made it fail.
/// </summary>
public sealed record UpdateStep : IStep
{
    public string? Refuse(Place place, Image? image) => image is null ? "it needs an image; name one by --image or `image:`" : null;

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var image = bench.Image!;
        bench.Touched = new MemoryRange(image.Start, (uint)(image.End - image.Start));
        bench.History.UpdateBegan();
        foreach (var segment in image.Segments)
            await bench.Bootloader.FlashEraseRegionAsync(segment.Address, bench.Board.RoundUpToSector((uint)segment.Bytes.Length), cancellationToken);
        foreach (var segment in image.Segments)
            await bench.Bootloader.WriteMemoryAsync(segment.Address, segment.Bytes, cancellationToken);
        bench.Measure("bytes", image.ByteCount);
        bench.History.Left(FlashContent.Application);
    }
}
