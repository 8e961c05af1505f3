using HilRig.Model.Runs;

namespace HilRig.Model.Flags;

/// <summary>What the rig found out about a flag on its own.</summary>
/// <param name="FlagId">The flag.</param>
/// <param name="Arms">The same sequence elsewhere, as far as it was run.</param>
/// <param name="Blame">Whose it is; null while runs are still waited for.</param>
/// <param name="Reason">One sentence with the numbers, or what is waited for.</param>
/// <param name="Reproducer">The shortest sequence that still fails, as a file; null before, and where the operator did not allow it.</param>
/// <param name="Proof">What fresh cycles say of it; empty before.</param>
public sealed record InvestigationReport(string FlagId, IReadOnlyList<InvestigationCount> Arms, Layer? Blame, string Reason, string? Reproducer, IReadOnlyList<string> Proof);

/// <param name="Arm">here, other board, release before, virtual board.</param>
/// <param name="RunId">The run that tells.</param>
public sealed record InvestigationCount(string Arm, string Place, string RunId, int Failures, int Cycles);
