using System.Globalization;

namespace HilRig.Analysis.Reproducers;

/// <summary>The image that updates wrote when a cycle failed.</summary>
/// <param name="Name">A file's, or <c>made-SIZE-SEED</c>.</param>
/// <param name="Bytes">Its size; null where no update has told it.</param>
public sealed record CycleImage(string Name, int? Bytes)
{
    private const int AnySeed = 1;

    /// <summary>Size and seed where it was made; null for a file.</summary>
    private (int Size, int Seed)? Parts => Name.Split('-') is ["made", var size, var seed]
        && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && int.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out var drawn)
        ? (bytes, drawn) : null;

    public int? Size => Parts?.Size ?? Bytes;

    public bool IsMade => Parts is not null;

    /// <summary>What a made image of its kind is drawn from.</summary>
    public int Seed => Parts?.Seed ?? AnySeed;

    /// <summary>A made image.</summary>
    public static CycleImage Of(int size, int seed) => new(string.Create(CultureInfo.InvariantCulture, $"made-{size}-{seed}"), null);

    /// <summary>The sequence's line for it; empty for a file as it was, which whoever runs the sequence must name.</summary>
    /// <param name="simpler">Another size; null for its own.</param>
    public string Line(string? simpler) =>
        simpler is null && Parts is null ? "" : string.Create(CultureInfo.InvariantCulture, $"image: {{size: {simpler ?? $"{Parts!.Value.Size}"}, seed: {Seed}}}\n");
}
