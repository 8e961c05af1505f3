using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>An image that may be written to its board.</summary>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Warnings">What is probably not meant, in sentences.</param>
public sealed record CheckedImage(Image Image, string Digest, IReadOnlyList<string> Warnings)
{
    /// <summary>Loads an image and checks it against the board; a raw binary goes to <paramref name="address"/>, or to the application's address.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or must not be written to this board.</exception>
    public static CheckedImage Load(string path, BoardType board, uint? address = null)
    {
        var image = ImageFile.Load(path, address ?? board.Map.ApplicationAddress);
        var findings = ImagePreflight.Check(image, board.Map);
        var refusals = findings.Where(finding => finding.Severity == PreflightSeverity.Refusal).Select(finding => finding.Message).ToList();
        return refusals.Count == 0
            ? new CheckedImage(image with { Name = Path.GetFileName(path) }, Running.Digest.Of(File.ReadAllBytes(path)), [.. findings.Select(finding => finding.Message)])
            : throw new BadInputException(refusals[0]);
    }
}
