using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Whose view of the flash is compared.</summary>
public enum Viewer
{
    /// <summary>The bootloader's read-memory: what it claims.</summary>
    Bootloader,

    /// <summary>The debug probe past the cache: what the array holds.</summary>
    Swd,

    /// <summary>The debug probe through the cache: what the core's own loads return.</summary>
    Core,
}

/// <summary>Compares the flash with what the steps before should have left there: the image, or blank.</summary>
public sealed record VerifyStep(Viewer By) : IStep
{
    public string? Refuse(Place place, Image? image) => image is null ? "it needs an image; name one by --image or `image:`" : null;

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        if (By != Viewer.Swd)
            bench.History.CoreHasRead();
        foreach (var segment in bench.Image!.Segments)
        {
            bench.Touched = new AddressRange(segment.Address, segment.End);
            var actual = By == Viewer.Bootloader
                ? await bench.Bootloader.ReadMemoryAsync(segment.Address, segment.Bytes.Length, cancellationToken)
                : await bench.Probe.ReadMemoryAsync(segment.Address, segment.Bytes.Length, By == Viewer.Swd ? MemoryView.Array : MemoryView.Core, cancellationToken);
            if (ByteDifference.Find(Expected(bench, segment.Bytes), actual) is { } difference)
                await AccuseAsync(bench, segment, difference, cancellationToken);
        }
        if (By == Viewer.Swd)
            await CheckConfigurationAsync(bench, cancellationToken);
    }

    private static byte[] Expected(Bench bench, ReadOnlyMemory<byte> image) => bench.History.Written switch
    {
        FlashContent.Application => image.ToArray(),
        FlashContent.Blank => [.. Enumerable.Repeat((byte)0xFF, image.Length)],
        var content => throw new SequenceStepException("verify", $"nothing says what the flash should hold (it is {KebabCase.From(content.ToString())}); put an `update` or an erase before `verify`"),
    };

    /// <summary>What was left there, the bootloader had said; SWD alone can contradict it, so it is asked where the bootloader's own view differs.</summary>
    private async Task AccuseAsync(Bench bench, ImageSegment segment, ByteDifference difference, CancellationToken cancellationToken)
    {
        var expected = Expected(bench, segment.Bytes);
        var isArrayRight = By != Viewer.Swd
            && (await bench.Probe.ReadMemoryAsync(segment.Address, expected.Length, MemoryView.Array, cancellationToken)).AsSpan().SequenceEqual(expected);
        var code = isArrayRight && By == Viewer.Core ? Disagreement.CoreSeesOldData
            : isArrayRight ? Disagreement.ReadBackDiffers
            : bench.History.Written == FlashContent.Blank ? Disagreement.SaidErasedDidNot
            : Disagreement.SaidOkWroteWrong;
        var who = By == Viewer.Swd ? "the flash array (SWD)" : $"{(By == Viewer.Core ? "what the core sees through its cache" : "the bootloader's read-memory")}{(isArrayRight ? ", and not the flash array (SWD)," : "")}";
        var at = segment.Address + (uint)difference.Offset;
        throw new DutFailureException(new Failure(
            $"compare-{KebabCase.From(By.ToString())}",
            code,
            "",
            $"{who} differs from what was written in {difference.Count} of {expected.Length} bytes, first at 0x{at:X8}: 0x{difference.Actual:X2}, expected 0x{difference.Expected:X2}"), at);
    }

    /// <summary>No step may change the flash configuration field: one byte there secures the part at its next reset.</summary>
    private static async Task CheckConfigurationAsync(Bench bench, CancellationToken cancellationToken)
    {
        var field = bench.Board.Map.ConfigurationField;
        var now = await bench.Probe.ReadMemoryAsync(field.Start, (int)field.Size, MemoryView.Array, cancellationToken);
        if (bench.Configuration is not { } before || ByteDifference.Find(before.Span, now) is not { } difference)
            return;
        var at = field.Start + (uint)difference.Offset;
        throw new DutFailureException(new Failure(
            "compare-swd",
            Disagreement.ConfigurationAltered,
            "",
            $"the flash configuration field changed since the run began, first at 0x{at:X8}: 0x{difference.Actual:X2}, it was 0x{difference.Expected:X2}"), at);
    }
}
