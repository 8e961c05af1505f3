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
        foreach (var segment in bench.Image!.Segments)
        {
            bench.Touched = new AddressRange(segment.Address, segment.End);
            var actual = By == Viewer.Bootloader
                ? await bench.Bootloader.ReadMemoryAsync(segment.Address, segment.Bytes.Length, cancellationToken)
                : await bench.Probe.ReadMemoryAsync(segment.Address, segment.Bytes.Length, By == Viewer.Swd ? MemoryView.Array : MemoryView.Core, cancellationToken);
            Compare(segment.Address, Expected(bench, segment.Bytes), actual);
        }
    }

    private static byte[] Expected(Bench bench, ReadOnlyMemory<byte> image) => bench.History.Written switch
    {
        FlashContent.Application => image.ToArray(),
        FlashContent.Blank => [.. Enumerable.Repeat((byte)0xFF, image.Length)],
        var content => throw new SequenceStepException("verify", $"nothing says what the flash should hold (it is {KebabCase.From(content.ToString())}); put an `update` or an erase before `verify`"),
    };

    private void Compare(uint address, byte[] expected, byte[] actual)
    {
        if (ByteDifference.Find(expected, actual) is not { } difference)
            return;
        var who = By switch { Viewer.Swd => "the flash array (SWD)", Viewer.Core => "what the core sees through its cache", _ => "the bootloader's read-memory" };
        throw new DutFailureException(new Failure(
            $"compare-{KebabCase.From(By.ToString())}",
            "mismatch",
            "",
            $"{who} differs from what was written in {difference.Count} of {expected.Length} bytes, first at 0x{address + difference.Offset:X8}: 0x{difference.Actual:X2}, expected 0x{difference.Expected:X2}"));
    }
}
