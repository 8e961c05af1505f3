using HilRig.Model.Runs;

namespace HilRig.Model.Flags;

/// <summary>What the rig found out about a flag on its own.</summary>
/// <param name="FlagId">The flag.</param>
/// <param name="Arms">The same sequence elsewhere, as far as it was run.</param>
/// <param name="Blame">Whose it is; null while runs are still waited for.</param>
/// <param name="Reason">One sentence with the numbers, or what is waited for.</param>
/// <param name="Reproducer">The shortest sequence that still fails, as a file; null before, and where the operator did not allow it.</param>
/// <param name="Proof">What fresh cycles say of it; empty before.</param>
public sealed record InvestigationReport(string FlagId, IReadOnlyList<InvestigationCount> Arms, Layer? Blame, string Reason, string? Reproducer, IReadOnlyList<string> Proof)
{
    /// <summary>The reproducer's figures; null where <see cref="Reproducer"/> is.</summary>
    public ProvenReproducer? Proven { get; init; }

    /// <summary>Experiments on conditions that no step brings about, drawn cycle by cycle.</summary>
    public IReadOnlyList<ConfirmedCondition> Experiments { get; init; } = [];

    /// <summary>What was tried on the way to it, oldest first: the log that explains the result.</summary>
    public IReadOnlyList<TriedCandidate> Tried { get; init; } = [];

    /// <summary>Cycles that the search has spent so far.</summary>
    public int Spent { get; init; }

    /// <summary>Cycles that it may spend; 0 where the operator allowed none.</summary>
    public int Budget { get; init; }
}

/// <param name="Arm">here, other board, release before, virtual board.</param>
/// <param name="RunId">The run that tells.</param>
/// <param name="Rate">Cycles that failed with the fingerprint, of those that did or passed.</param>
public sealed record InvestigationCount(string Arm, string Place, string RunId, Rate Rate)
{
    public int Failures => Rate.Failures;

    public int Cycles => Rate.Trials;
}

/// <param name="Steps">Its steps before the failing one, in words.</param>
/// <param name="RunIds">The runs that told, one a place.</param>
/// <param name="Rate">Its cycles that failed with the fingerprint, of those that did or passed.</param>
public sealed record TriedCandidate(string Steps, IReadOnlyList<string> RunIds, Rate Rate)
{
    public int Failures => Rate.Failures;

    public int Cycles => Rate.Trials;
}

/// <param name="Condition">What was tried: <c>baud=460800</c>.</param>
/// <param name="Otherwise">Its value in the other arm.</param>
/// <param name="With">Cycles while it held, with nothing else different.</param>
/// <param name="Without">Cycles in which it was otherwise.</param>
/// <param name="Evidence">The e-value of it making the difference: 20 confirm at 95 %.</param>
public sealed record ConfirmedCondition(string Condition, string Otherwise, Rate With, Rate Without, double Evidence);

/// <param name="Steps">Its steps before the failing one, in words.</param>
/// <param name="Sentence"><c>fails 37 of 40 in 2 steps</c>.</param>
/// <param name="With">Fresh cycles that make its steps.</param>
/// <param name="Without">Fresh cycles, drawn among them, that leave its steps out; none where it needs nothing before the failing one.</param>
/// <param name="Evidence">The e-value of its steps being what the failure needs: 20 confirm at 95 %.</param>
/// <param name="Belief">How far it is believed to be the shortest, 0 to 1; null where the budget ended before.</param>
public sealed record ProvenReproducer(string Steps, string Sentence, Rate With, Rate Without, double Evidence, double? Belief);
