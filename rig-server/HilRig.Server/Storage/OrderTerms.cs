using HilRig.Model.Rig;

namespace HilRig.Server.Storage;

/// <summary>When, before whom and where an order may run.</summary>
/// <param name="Priority">Higher ones first; those alike in the order of the queue.</param>
/// <param name="Until">Hard end: it is stopped then. Null for <see cref="LongestLease"/> after it begins.</param>
/// <param name="Needs">Null where the order names its place.</param>
/// <param name="RerunOf">The sample, <c>RUN#NUMBER</c>, for whose sake it repeats a cycle; null for others.</param>
/// <param name="Campaign">Id of the campaign that ordered it, or null.</param>
public sealed record OrderTerms(int Priority = 0, DateTimeOffset? Until = null, PlaceNeeds? Needs = null, string? Campaign = null, string? RerunOf = null)
{
    /// <summary>No run holds a place for longer than this, so that a forgotten one does not hold it for ever.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(7);
}

/// <summary>What a place must be for a run that names none.</summary>
/// <param name="Tags">All of them.</param>
public sealed record PlaceNeeds(string BoardType, IReadOnlyList<string> Tags)
{
    public bool AreMetBy(PlaceInfo place) => place.BoardType == BoardType && Tags.All(place.Tags.Contains);

    public override string ToString() => Tags.Count == 0 ? $"any {BoardType}" : $"any {BoardType} with {string.Join(", ", Tags)}";
}
