using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>Takes samples as they come and says, whenever asked, what they amount to. Not safe for concurrent use.</summary>
/// <remarks>
/// A sample costs one step a condition, whatever the history; a bit a condition is kept of it. A look costs the tables of
/// those steps that have changed. Judging the same samples again, in any order of runs, gives the same flags.
/// </remarks>
public sealed class FlagJudge
{
    private readonly Dictionary<(string Release, string Sequence, string Revision, string Step), StepCell> cells = [];
    private readonly Dictionary<(string Release, string Step), List<StepCell>> steps = [];
    private readonly Dictionary<StepCell, IReadOnlyList<Flag>> judged = [];
    private readonly Dictionary<string, RunPast> pasts = [];
    private readonly List<KeyValuePair<string, string>> told = [];
    private readonly SilenceWatch silences = new();
    private int sessions;

    /// <summary>Counts one executed step of a sequence; those of a run in their order.</summary>
    public void Add(StepSample sample)
    {
        var key = (sample.Release, sample.Sequence, sample.Revision, sample.Step);
        if (!cells.TryGetValue(key, out var cell))
        {
            cells[key] = cell = new StepCell(sample.Release, sample.Sequence, sample.Revision, sample.Step);
            (steps.TryGetValue((sample.Release, sample.Step), out var known) ? known : steps[(sample.Release, sample.Step)] = []).Add(cell);
        }
        var blame = StepCell.BlameOf(sample);
        if (!pasts.TryGetValue(sample.RunId, out var past))
            pasts[sample.RunId] = past = new RunPast();
        told.Clear();
        past.Tell(sample, told);
        cell.Add(sample, blame, told, past.Follow(sample, ref sessions));
        silences.Add(sample, blame);
        // A silence may make a storm, which concerns the silences of other steps too.
        if (blame is Blame.Undetermined)
            judged.Clear();
        else
            steps[(sample.Release, sample.Step)].ForEach(sibling => judged.Remove(sibling));
    }

    /// <summary>Every fingerprint seen so far with its claim, gravest first.</summary>
    public IReadOnlyList<Flag> Judge() =>
    [
        .. cells.Values
            .GroupBy(cell => (cell.Sequence, cell.Revision, cell.Step))
            .SelectMany(releases => AcrossReleases.Compare([.. releases.OrderBy(cell => cell.FirstSeen).ThenBy(cell => cell.Release, StringComparer.Ordinal).Select(cell => (cell, FlagsOf(cell)))]))
            .OrderBy(flag => Gravity(flag.Class))
            .ThenByDescending(flag => flag.Rate.Failures)
            .ThenBy(flag => flag.Id, StringComparer.Ordinal),
    ];

    private IReadOnlyList<Flag> FlagsOf(StepCell cell)
    {
        if (judged.TryGetValue(cell, out var flags))
            return flags;
        var columns = cell.Failures.Any() ? cell.Conditions.Columns() : [];
        return judged[cell] = [.. cell.Failures.Select(failure => Claim.Of(cell, columns, failure, new StepTotals(steps[(cell.Release, cell.Step)], failure), silences))];
    }

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
