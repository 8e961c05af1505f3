using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>The arguments <c>start</c> and <c>length</c> of steps that look at memory: by default where the image lies.</summary>
internal static class MemoryArguments
{
    /// <summary>What one step may look at: all of the largest Kinetis flash.</summary>
    private const uint MostBytes = 2 * 1024 * 1024;

    public static AddressRange Range(uint? start, uint? length, Bench bench)
    {
        var first = start ?? bench.Image!.Start;
        return AddressRange.Of(first, length ?? (uint)(bench.Image!.End - first));
    }

    public static string? Refuse(uint? start, uint? length, Place place, Image? image) =>
        (start is null || length is null) && image is null ? "it needs `start` and `length`, or an image (--image)"
        : length is null && start is { } at && !new AddressRange(image!.Start, image.End).Contains(at) ? $"`start` 0x{at:X8} lies outside the image; say `length` too"
        : length is 0 or > MostBytes ? $"`length` must be from 1 to {MostBytes}"
        : (start ?? 0) + (ulong)(length ?? 0) > 1UL << 32 ? "`start` and `length` reach beyond 0xFFFFFFFF"
        : null;

    /// <summary>The same for what only flash has.</summary>
    public static string? RefuseOutsideFlash(uint? start, uint? length, Place place, Image? image) =>
        Refuse(start, length, place, image)
        ?? (start is { } at && !place.Board.Map.Flash.Contains(AddressRange.Of(at, length ?? 1)) ? $"0x{at:X8} and {length ?? 1} bytes are not inside flash {place.Board.Map.Flash}" : null);
}
