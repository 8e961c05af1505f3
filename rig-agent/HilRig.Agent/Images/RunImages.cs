using System.Text;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Images;

/// <summary>The images that a run writes: none, one for all its cycles, or one for each variant.</summary>
public sealed class RunImages
{
    private readonly Dictionary<Variant, CheckedImage> byVariant = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Variant>);
    private readonly CheckedImage? given;

    private RunImages(CheckedImage? given) => this.given = given;

    /// <summary>No image at all.</summary>
    public static RunImages None { get; } = new((CheckedImage?)null);

    /// <summary>Name for people: the image's, or how many there are.</summary>
    public string Name => Distinct is { Count: > 1 } several ? $"{several.Count} images" : Distinct.FirstOrDefault()?.Image.Name ?? "";

    /// <summary>SHA-256 of the image; of several, that of their digests, one a line in rising order.</summary>
    public string Digest => Distinct is { Count: > 1 } several
        ? Running.Digest.Of(Encoding.ASCII.GetBytes(string.Join('\n', several.Select(image => image.Digest).Order(StringComparer.Ordinal))))
        : Distinct.FirstOrDefault()?.Digest ?? "";

    /// <summary>What of them is probably not meant, in sentences.</summary>
    public IEnumerable<string> Warnings => Distinct.SelectMany(image => image.Warnings).Distinct(StringComparer.Ordinal);

    private List<CheckedImage> Distinct => given is not null ? [given] : [.. byVariant.Values.DistinctBy(image => (image.Digest, image.Image.Start))];

    /// <summary>One image for every variant: what the caller named.</summary>
    public static RunImages Of(CheckedImage image) => new(image);

    /// <summary>What the sequence names, made or loaded for each of its variants.</summary>
    /// <param name="address">Where a raw image goes that does not say it itself.</param>
    /// <param name="file">Path of the file that the sequence names, where it is not beside the sequence.</param>
    /// <exception cref="BadInputException">An image cannot be read, or must not be written to this board.</exception>
    public static RunImages Load(Variants variants, BoardType board, uint? address = null, string? file = null)
    {
        var images = new RunImages((CheckedImage?)null);
        var known = new Dictionary<(string?, string?, string?, string?), CheckedImage>();
        foreach (var variant in variants.All.Prepend(variants.Usual))
        {
            if (variant.Image is not { } source)
                continue;
            var key = (source.File?.Value, source.Size?.Value, source.Seed?.Value, source.Address?.Value);
            if (!known.TryGetValue(key, out var image))
                known[key] = image = Load(source, file ?? Beside(variants.Sequence, source), board, address);
            images.byVariant[variant] = image;
        }
        return images;
    }

    /// <summary>The image of a variant; null without.</summary>
    public Image? For(Variant variant) => (given ?? byVariant.GetValueOrDefault(variant))?.Image;

    private static string? Beside(Sequence sequence, ImageSource source) =>
        source.File is { } file ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(sequence.File))!, file.Value) : null;

    private static CheckedImage Load(ImageSource source, string? path, BoardType board, uint? otherwise)
    {
        var address = source.Address is null ? otherwise : Number(source.Address);
        return path is not null ? CheckedImage.Load(path, board, address) : Made(source, board, address);
    }

    private static CheckedImage Made(ImageSource source, BoardType board, uint? address)
    {
        var size = source.Size!.WholeNumber((int)board.Map.Flash.Size);
        var seed = source.Seed?.WholeNumber(int.MaxValue) ?? 1;
        try
        {
            return CheckedImage.Make(size, seed, board, address);
        }
        catch (BadInputException refusal)
        {
            throw source.Size.Position.Error(refusal.Message);
        }
    }

    private static uint Number(StepArgument argument) =>
        Quantity.TryNumber(argument.Value, out var number) ? number : throw argument.Position.Error($"`{argument.Name}` must be {Quantity.NumberForm}, not `{argument.Value}`");
}
