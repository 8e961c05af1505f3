using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>Takes samples as they come and says, whenever asked, what they amount to. Not safe for concurrent use.</summary>
/// <remarks>
/// Only sums are kept: a sample costs one step a condition, a judgement one step a table, and neither grows with the
/// history. Judging the same samples again, in any order of runs, gives the same flags.
/// </remarks>
public sealed class FlagJudge
{
    private readonly Dictionary<(string Release, string Sequence, string Step), StepCell> cells = [];
    private ulong samples;

    /// <summary>Counts one executed step of a sequence.</summary>
    public void Add(StepSample sample)
    {
        var key = (sample.Release, sample.Sequence, sample.Step);
        if (!cells.TryGetValue(key, out var cell))
            cells[key] = cell = new StepCell(sample.Release, sample.Sequence, sample.Step);
        cell.Add(sample, TrialSet.HashOf(samples++));
    }

    /// <summary>Every fingerprint seen so far with its claim, gravest first.</summary>
    public IReadOnlyList<Flag> Judge() =>
    [
        .. cells.Values
            .SelectMany(cell => cell.Failures.Select(failure => Claim.Of(cell, failure)))
            .OrderBy(flag => Gravity(flag.Class))
            .ThenByDescending(flag => flag.Rate.Failures)
            .ThenBy(flag => flag.Id, StringComparer.Ordinal),
    ];

    private static int Gravity(FlagClass flagClass) => flagClass switch
    {
        FlagClass.Consistent => 0,
        FlagClass.Conditional => 1,
        FlagClass.Intermittent => 2,
        FlagClass.BoardSpecific => 3,
        FlagClass.Observed => 4,
        FlagClass.Rig => 5,
        _ => 6,
    };
}
