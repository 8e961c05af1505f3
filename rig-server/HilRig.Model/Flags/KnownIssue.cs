namespace HilRig.Model.Flags;

/// <summary>A failure that somebody has taken on: it stays counted and flagged, with a name beside it, until the rule expires.</summary>
/// <param name="Id">As in the tracker of issues: <c>BL-17</c>.</param>
/// <param name="Fingerprint">The fingerprint's key, <c>f1/update/write-memory/10203</c>; a <c>*</c> stands for any step, operation or code.</param>
/// <param name="Release">The release it is known on; null for any.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Expires">The first day on which the rule no longer holds.</param>
public sealed record KnownIssue(string Id, string Fingerprint, string? Release, string Owner, DateOnly Expires);
