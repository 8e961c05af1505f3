using System.Text.RegularExpressions;

namespace HilRig.Model.Runs;

/// <summary>Names of the runs by which the server follows a flag; they tell what each run is for.</summary>
public static partial class InvestigationRun
{
    public const string Prefix = "auto-";

    /// <summary>The flag's sequence run elsewhere, or again.</summary>
    /// <param name="arm">here, other-board, release-before or virtual-board.</param>
    public static string NameOf(string flagId, string arm) => $"{Prefix}{flagId}-{arm}";

    /// <summary>A candidate for the flag's reproducer, or the proof of one.</summary>
    /// <param name="number">From 1 on, in their order.</param>
    /// <param name="board">Of those that share its cycles, from 0 on.</param>
    public static string NameOf(string flagId, int number, int board) => board == 0 ? $"{Prefix}{flagId}-try-{number}" : $"{Prefix}{flagId}-try-{number}-{board + 1}";

    /// <summary>True for a candidate or a proof: made to fail, its cycles say nothing of a rate.</summary>
    public static bool IsTry(string runId) => runId.StartsWith(Prefix, StringComparison.Ordinal) && Try().IsMatch(runId);

    /// <summary>False for the repetition of a cycle that failed and for a candidate for a reproducer: both were chosen for their failures.</summary>
    public static bool TellsARate(string runId, RunStarted started) => started.RerunOf is null && !IsTry(runId);

    // A flag's id ends in eight digits of its digest.
    [GeneratedRegex("-[0-9a-f]{8}-try-[0-9]+(-[0-9]+)?$")]
    private static partial Regex Try();
}
