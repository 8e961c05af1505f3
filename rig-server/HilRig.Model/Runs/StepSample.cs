namespace HilRig.Model.Runs;

/// <summary>One executed step with what held before it: the row that the analysis counts.</summary>
/// <param name="Revision">The digest of the sequence's text: an edited sequence is another one. Empty for an imported history, which names none.</param>
/// <param name="Fingerprint">The failure without its accidents; null for a pass.</param>
/// <param name="Conditions">By name of the condition vocabulary, values as text.</param>
public sealed record StepSample(
    string RunId,
    long Number,
    DateTimeOffset At,
    string Release,
    string Sequence,
    string Revision,
    string Agent,
    string Place,
    int Cycle,
    int Index,
    string Step,
    Verdict Verdict,
    Layer Layer,
    Fingerprint? Fingerprint,
    bool Marginal,
    IReadOnlyDictionary<string, string> Conditions)
{
    /// <summary>The hub of <see cref="Agent"/> that the place hangs on; null where nobody said.</summary>
    public string? Hub { get; init; }
}

/// <summary>A failure without its accidents, printed <c>update · write-memory · 10203 kStatusMemoryCumulativeWrite</c>.</summary>
public sealed record Fingerprint(string Step, string Operation, string Code, string CodeName)
{
    public static Fingerprint Of(string step, Failure failure) => new(step, failure.Operation, failure.Code, failure.CodeName);

    /// <summary>What tells it from others, the same for as long as its version stands: <c>f1/update/write-memory/10203</c>. The code's name may be mended.</summary>
    public string Key => $"f1/{Step}/{Operation}/{Code}";

    /// <summary>Whatever the code was called at the time.</summary>
    public bool Equals(Fingerprint? other) => other is not null && (Step, Operation, Code) == (other.Step, other.Operation, other.Code);

    public override int GetHashCode() => HashCode.Combine(Step, Operation, Code);

    public override string ToString() =>
        CodeName.Length == 0 ? $"{Step} · {Operation} · {Code}" : $"{Step} · {Operation} · {Code} {CodeName}";
}
