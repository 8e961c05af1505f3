using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Model.Sequences;
using HilRig.Server.Dispatch;
using HilRig.Server.Storage;

namespace HilRig.Server.Api;

/// <summary>What a person or machine asks for with <c>POST /api/v1/runs</c>.</summary>
/// <param name="Place">Where it shall run; or else <paramref name="Board"/>.</param>
/// <param name="Sequence">The sequence file's text.</param>
/// <param name="SequenceName">The file's name, for messages.</param>
/// <param name="ImageName">File name of the image; required where there is one.</param>
/// <param name="Image">The image itself in base64, or else its digest.</param>
/// <param name="ImageDigest">SHA-256 in hex of an image that the server already holds.</param>
/// <param name="Cycles">1 to 10,000,000; the sequence's own number where it is missing.</param>
/// <param name="Seed">For the sequence's choices, 0 or more; drawn where it is missing.</param>
/// <param name="Board">Board type of any place that will do.</param>
/// <param name="Tags">Tags that such a place must have, all of them.</param>
/// <param name="Priority">-100 to 100; higher ones first.</param>
/// <param name="Until">Hard end: the run is stopped then.</param>
/// <param name="Release">Name of the bootloader release under test; the agent's finding where it is missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunRequest(
    string Sequence,
    string SequenceName,
    string? Place = null,
    string? ImageName = null,
    string? Image = null,
    string? ImageDigest = null,
    int? Cycles = null,
    long? Seed = null,
    string? Release = null,
    string? Board = null,
    IReadOnlyList<string>? Tags = null,
    int Priority = 0,
    DateTimeOffset? Until = null)
{
    private const int MaxCycles = 10_000_000;
    internal const int MostPriority = 100;

    /// <summary>The order that this asks for, its image stored. Throws <see cref="BadInputException"/> that names the field, or the sequence's line.</summary>
    public async Task<RunOrder> ToOrderAsync(string runId, ArtifactStore artifacts, CancellationToken cancellationToken)
    {
        if (Place is null == Board is null)
            throw new BadInputException("place: give either the place, or board (and tags) for any place that has them");
        if (Place is not null && !PlaceName.IsValid(Place))
            throw new BadInputException($"place: `{Place}` is no place; {PlaceName.Rule}");
        if (Board is not null && !PlaceName.IsValid(Board))
            throw new BadInputException($"board: `{Board}` is no board type");
        if (Place is not null && Tags is { Count: > 0 })
            throw new BadInputException("tags: they choose a place; leave them out where place names one");
        if (Cycles is < 1 or > MaxCycles)
            throw new BadInputException($"cycles: {Cycles} is out of range; 1 to {MaxCycles} are possible");
        if (Seed < 0)
            throw new BadInputException($"seed: {Seed} is negative; it is 0 or more");
        if (string.IsNullOrWhiteSpace(SequenceName))
            throw new BadInputException("sequenceName: it is empty; give the sequence file's name, errors refer to it");
        SequenceFile.Parse(SequenceName, Sequence);
        var digest = await StoreImageAsync(artifacts, cancellationToken);
        return new RunOrder(runId, 0, Place ?? "", SequenceName, Sequence, ImageName, digest, Cycles, Seed ?? Random.Shared.Next(), Release);
    }

    /// <summary>Throws <see cref="BadInputException"/> that names the field.</summary>
    public OrderTerms ToTerms(DateTimeOffset now)
    {
        if (Priority is < -MostPriority or > MostPriority)
            throw new BadInputException($"priority: {Priority} is out of range; -{MostPriority} to {MostPriority} are possible");
        if (Until <= now)
            throw new BadInputException($"until: {Until:u} is over; it is the end by which the run is stopped");
        return new OrderTerms(Priority, Until, Board is null ? null : new PlaceNeeds(Board, Tags ?? []));
    }

    private async Task<string?> StoreImageAsync(ArtifactStore artifacts, CancellationToken cancellationToken)
    {
        if (Image is null && ImageDigest is null)
            return ImageName is null ? null : throw new BadInputException($"image: it is missing; send `{ImageName}` in base64, or its SHA-256 as imageDigest");
        if (string.IsNullOrWhiteSpace(ImageName))
            throw new BadInputException("imageName: it is missing; an image needs its file name");
        if (ImageDigest is not null && !ArtifactStore.IsDigest(ImageDigest))
            throw new BadInputException($"imageDigest: `{ImageDigest}` is no SHA-256; 64 lower-case hex digits are");
        if (Image is null)
        {
            return artifacts.Contains(ImageDigest!)
                ? ImageDigest
                : throw new BadInputException($"imageDigest: the server holds no image {ImageDigest}; send it as image");
        }
        var content = Decode(Image);
        ImageCheck.Require(ImageName, content);
        var digest = await artifacts.SaveAsync(content, cancellationToken);
        return ImageDigest is null || ImageDigest == digest
            ? digest
            : throw new BadInputException($"imageDigest: it says {ImageDigest}, the image sent has {digest}");
    }

    private static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw new BadInputException("image: it is not base64");
        }
    }
}
