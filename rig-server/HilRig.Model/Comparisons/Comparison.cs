using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Model.Comparisons;

/// <summary>Two runs or two releases side by side.</summary>
/// <param name="Difference">Rate of B less that of A.</param>
/// <param name="Low">Of the difference, at 95 %.</param>
/// <param name="Bits">Evidence for two rates over one, in doublings of the odds; negative where one explains both better.</param>
/// <param name="P">Fisher's exact test, two-sided.</param>
/// <param name="Steps">How long each step took; empty for releases.</param>
/// <param name="FirstDifference">Where two runs first went apart; null for releases, and for runs that did not.</param>
/// <param name="IsCut">The runs have more events than are compared.</param>
public sealed record Comparison(
    ComparisonSide A, ComparisonSide B, double Difference, double Low, double High, double Bits, double P, IReadOnlyList<StepTimes> Steps, StepDifference? FirstDifference, bool IsCut)
{
    /// <summary>From so many bits on (128 to 1) a difference is called shown, as for triggers.</summary>
    public const double Shown = 7;

    /// <summary>What may be said of the difference.</summary>
    public string Sentence => this switch
    {
        { A.Cycles.Trials: 0 } or { B.Cycles.Trials: 0 } => $"{(A.Cycles.Trials == 0 ? A.Name : B.Name)} has no cycle that counts: nothing can be compared.",
        { Bits: >= Shown, Difference: > 0 } => FormattableString.Invariant($"{B.Name} fails more often than {A.Name}: odds of {Odds} to 1 for two rates over one."),
        { Bits: >= Shown } => FormattableString.Invariant($"{B.Name} fails less often than {A.Name}: odds of {Odds} to 1 for two rates over one."),
        _ => FormattableString.Invariant($"No difference is shown. The rates may still differ by {100 * Low:+0.##;-0.##;0} to {100 * High:+0.##;-0.##;0} points."),
    };

    private string Odds => Bits > 20 ? "over a million" : FormattableString.Invariant($"{Math.Pow(2, Bits):N0}");
}

/// <param name="Name">The run's id or the release.</param>
/// <param name="Run">Null for a release.</param>
/// <param name="Cycles">Failed of the cycles that count.</param>
/// <param name="Voided">Cycles that do not.</param>
public sealed record ComparisonSide(string Name, RunSummary? Run, Rate Cycles, long Voided);

/// <param name="MedianA">Milliseconds of its passes; null where it had none.</param>
public sealed record StepTimes(string Step, int CountA, double? MedianA, int CountB, double? MedianB);

/// <param name="Index">0-based position in the cycle.</param>
/// <param name="InA">What it did there, in words.</param>
public sealed record StepDifference(int Cycle, int Index, string InA, string InB);

/// <summary>Where pages and API get comparisons from.</summary>
public interface IComparisonReader
{
    /// <summary>A name is that of a run or, where there is none, of a release that ran.</summary>
    Task<ComparisonAnswer> CompareAsync(string a, string b, CancellationToken cancellationToken);
}

/// <param name="Comparison">Null where it cannot be made.</param>
/// <param name="Trouble">Why not, in words.</param>
public sealed record ComparisonAnswer(Comparison? Comparison, string? Trouble);
