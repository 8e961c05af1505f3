using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>ReceiveSbFile: hands the bootloader a file of commands. What they leave in flash only the file knows.</summary>
public sealed record ReceiveSbFileStep(BesideFile File) : IStep
{
    public string? Refuse(Place place, Image? image) =>
        SbFile.IsSb(ImageFile.ReadBytes(File.Path)) ? null : $"{File.Path} is no SB file: `STMP` does not stand at byte 20";

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.History.Left(FlashContent.Partial);
        await bench.Bootloader.ReceiveSbFileAsync(ImageFile.ReadBytes(File.Path), cancellationToken);
        bench.History.Left(FlashContent.Unknown);
    }
}
