using System.Buffers.Binary;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>What a step that reads does with its bytes.</summary>
internal static class ReadResult
{
    /// <summary>Notes the first word as a measurement, and holds all of it against what the sequence expects, where it expects something.</summary>
    public static void Take(Bench bench, uint start, ReadOnlySpan<byte> found, HexBytes? expected)
    {
        if (found.Length >= sizeof(uint))
            bench.Measure("first-word", BinaryPrimitives.ReadUInt32LittleEndian(found));
        if (expected is null || ByteDifference.Find(expected.ToArray(), found.ToArray()) is not { } difference)
            return;
        throw new DutFailureException(new Failure(
            "compare-bootloader",
            "mismatch",
            "",
            $"what the bootloader returned differs from what the sequence expects in {difference.Count} of {found.Length} bytes, first at 0x{start + (uint)difference.Offset:X8}: 0x{difference.Actual:X2}, expected 0x{difference.Expected:X2}"));
    }

    /// <summary>How many bytes a step reads that names a length, or the bytes it expects, or both; null where they do not agree.</summary>
    public static string? RefuseLength(uint? length, HexBytes? expected) =>
        length is null && expected is null ? "it needs `length`, or the `data` that must be there"
        : length is { } bytes && expected is not null && bytes != expected.Count ? $"`length` is {bytes}, and `data` has {expected.Count} bytes; leave one of them out"
        : length > int.MaxValue ? $"`length` is at most {int.MaxValue}"
        : null;
}
