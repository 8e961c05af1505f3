using HilRig.Agent.Images;

namespace HilRig.Agent.Places;

/// <summary>What steps that name addresses of their own do to what the rig knows of the flash.</summary>
public static class BenchFlash
{
    /// <summary>The first words of the application's vector table, by which a board's content is told.</summary>
    public static AddressRange Vectors(this Bench bench) => AddressRange.Of(bench.Board.Map.ApplicationAddress, 8);

    /// <summary>Where the image belongs; its vectors alone where there is none.</summary>
    public static AddressRange ImageRange(this Bench bench) => bench.Image is { } image ? new AddressRange(image.Start, image.End) : bench.Vectors();

    /// <summary>True for a range in which some of the application or the image lies.</summary>
    public static bool HoldsApplication(this Bench bench, AddressRange range) =>
        range.Overlaps(bench.Vectors().Start, bench.Vectors().End) || range.Overlaps(bench.ImageRange().Start, bench.ImageRange().End);

    /// <summary>Lets evidence look at the range where it is flash.</summary>
    public static void Touch(this Bench bench, AddressRange range)
    {
        if (bench.Board.Map.Flash.Contains(range))
            bench.Touched = range;
    }

    /// <summary>Writes bytes of a sequence's own: where they meet the application, it is from then on no image that the rig knows.</summary>
    public static async Task WriteByHandAsync(this Bench bench, AddressRange range, Func<Task> write)
    {
        bench.Touch(range);
        bench.WritesOverUse = bench.Board.Map.Flash.Contains(range) && !bench.Erased.Holds(range);
        bench.Erased.Written(range);
        var meetsApplication = bench.HoldsApplication(range);
        if (meetsApplication)
            bench.History.Left(FlashContent.Partial);
        await write();
        if (meetsApplication)
            bench.History.Left(FlashContent.Other);
    }
}
