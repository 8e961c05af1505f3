using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>
/// The rules by which a cycle, or a whole sign-off, does not count. A plan names those that hold for it; a name ends in its version, under which a rule
/// never means anything else.
/// </summary>
/// <remarks>The rules look neither at the release nor at what would be welcome.</remarks>
public static class VoidingRules
{
    public const string Rig = "rig-1";
    public const string Stop = "stop-1";
    public const string OtherBytes = "other-bytes-1";
    public const string Edited = "edited-1";
    public const string Parity = "parity-1";

    /// <summary>Every rule with what it leaves out, in words.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [Edited] = "edited: the sequence's text differs from that of its first run",
        [OtherBytes] = "other bytes: the board ran another binary than the first run of that release",
        [Parity] = $"parity: the whole sign-off, where more of the release than of its control was left out (Fisher's exact p < {GoldenControl.Parity:0.##})",
        [Rig] = SignOffSamples.RigRule,
        [Stop] = SignOffSamples.StopRule,
    };

    /// <summary>All of them, which a plan that names none has.</summary>
    public static IReadOnlyList<string> Usual { get; } = [.. All.Keys];

    /// <summary>What held for plans that were registered before plans named their rules.</summary>
    public static IReadOnlyList<string> BeforePlansNamedThem { get; } = [Parity, Rig, Stop];

    /// <summary>The rule of a plan by which a cycle is left out, in words; null where it counts.</summary>
    /// <param name="first">The first run of the same release, and of the same sequence.</param>
    internal static string? Find(SignOffPlan plan, CycleEnded cycle, RunStarted started, (RunStarted OfRelease, RunStarted OfSequence) first)
    {
        var rule = SignOffSamples.VoidedBy(cycle.Verdict, cycle.Layer) switch
        {
            SignOffSamples.StopRule => Stop,
            SignOffSamples.RigRule => Rig,
            _ => null,
        };
        return Named(rule) ?? Named(Differs(started.ReleaseDigest, first.OfRelease.ReleaseDigest) ? OtherBytes : null) ?? Named(Differs(started.SequenceDigest, first.OfSequence.SequenceDigest) ? Edited : null);

        string? Named(string? one) => one is not null && plan.Voiding.Contains(one) ? All[one] : null;
    }

    /// <summary>An imported run tells no digest.</summary>
    private static bool Differs(string digest, string first) => digest.Length > 0 && digest != first;
}
