using HilRig.Agent.Places;
using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>An image that may be written to its board.</summary>
/// <param name="Digest">SHA-256 of the file, or of the bytes that were made.</param>
/// <param name="Warnings">What is probably not meant, in sentences.</param>
public sealed record CheckedImage(Image Image, string Digest, IReadOnlyList<string> Warnings)
{
    /// <summary>Loads an image and checks it against the board; a raw binary goes to <paramref name="address"/>, or to the application's address.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or must not be written to this board.</exception>
    public static CheckedImage Load(string path, BoardType board, uint? address = null)
    {
        var image = ImageFile.Load(path, address ?? board.Map.ApplicationAddress);
        return Check(image with { Name = Path.GetFileName(path) }, Running.Digest.Of(File.ReadAllBytes(path)), board);
    }

    /// <summary>Makes an image of <paramref name="size"/> bytes from a seed and checks it like any other.</summary>
    /// <exception cref="BadInputException">It must not be written to this board.</exception>
    public static CheckedImage Make(int size, int seed, BoardType board, uint? address = null)
    {
        var start = address ?? board.Map.ApplicationAddress;
        var bytes = MadeImage.Bytes(size, seed, start, board.Map);
        return Check(RawBinary.Parse($"made-{size}-{seed}", bytes, start), Running.Digest.Of(bytes), board);
    }

    private static CheckedImage Check(Image image, string digest, BoardType board)
    {
        var findings = ImagePreflight.Check(image, board.Map);
        return findings.FirstOrDefault(finding => finding.Severity == PreflightSeverity.Refusal) is { } refusal
            ? throw new BadInputException(refusal.Message)
            : new CheckedImage(image, digest, [.. findings.Select(finding => finding.Message)]);
    }
}
