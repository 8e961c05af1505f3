using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>
/// A fingerprint where it was seen: what a list of failures asks for. A failing step's row names its kind by key, so that the newest of a kind
/// are found by one index however many failures there are.
/// </summary>
public sealed record FailureKind(string Release, string Sequence, string Revision, Fingerprint Fingerprint, Layer Layer)
{
    /// <summary>Null for a step that passed.</summary>
    public static FailureKind? Of(StepSample sample) =>
        sample.Fingerprint is { } fingerprint ? new FailureKind(sample.Release, sample.Sequence, sample.Revision, fingerprint, sample.Layer) : null;
}
