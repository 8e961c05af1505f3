using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;

namespace HilRig.Analysis.Flags;

/// <summary>Says of each flag whether it is new since the release before, and of the release after whether it has recovered.</summary>
internal static class AcrossReleases
{
    /// <param name="releases">One step of one sequence on each release, in the order in which they were first seen.</param>
    public static IEnumerable<Flag> Compare(IReadOnlyList<(StepCell Cell, IReadOnlyList<Flag> Flags)> releases)
    {
        foreach (var (index, (cell, flags)) in releases.Index())
        {
            foreach (var flag in flags)
            {
                yield return flag.IsProduct && index > 0 ? WithNovelty(flag, releases[index - 1].Cell, cell) : flag;
                if (flag.IsProduct && index + 1 < releases.Count && Recovered(flag, cell, releases[index + 1].Cell) is { } recovered)
                    yield return recovered;
            }
        }
    }

    private static Flag WithNovelty(Flag flag, StepCell before, StepCell cell)
    {
        flag = WithChange(flag, before, cell);
        if (Fails(flag, before))
            return flag;
        var absence = Absence.Of(before.Trials, flag.Rate.Failures, flag.Rate.Trials);
        return flag with { IsNew = absence.IsProven, Rule = $"{flag.Rule} {absence.OfNew(before.Release)}" };
    }

    private static Flag WithChange(Flag flag, StepCell before, StepCell cell) =>
        cell.Find(flag.Fingerprint, Blame.Product) is { } failure && LiveDrift.Between(before, before.Find(flag.Fingerprint, Blame.Product), cell, failure) is { } change
            ? flag with { Changes = [.. flag.Changes, change], Rule = $"{flag.Rule} Drift: {change.Sentence}." }
            : flag;

    /// <summary>Only trials that exercise the trigger could have shown it.</summary>
    private static Flag? Recovered(Flag flag, StepCell cell, StepCell after)
    {
        if (Fails(flag, after))
            return null;
        var trigger = flag.Class is FlagClass.Conditional ? flag.Triggers[0] : null;
        var exercised = trigger is null ? after.Trials : Exercised(after, trigger.Condition);
        var rate = trigger?.Inside ?? flag.Rate;
        var absence = Absence.Of(exercised, rate.Failures, rate.Trials);
        if (!absence.IsProven)
            return null;
        return flag with
        {
            Id = FlagId.Of(after.Release, after.Sequence, after.Revision, flag.Fingerprint, Blame.Product),
            Release = after.Release,
            Places = [],
            Class = FlagClass.Recovered,
            Rate = Wilson.Rate(0, after.Trials),
            MarginalRate = Wilson.Rate(after.MarginalPasses, after.Passes),
            Triggers = [],
            IsNew = false,
            Changes = [],
            Rule = absence.OfRecovered(cell.Release, rate.Failures, rate.Trials, trigger is null ? "" : $" when {trigger.Sentence}"),
        };
    }

    private static bool Fails(Flag flag, StepCell cell) => cell.Find(flag.Fingerprint, Blame.Product) is not null || cell.Find(flag.Fingerprint, Blame.Undetermined) is not null;

    private static int Exercised(StepCell cell, string condition)
    {
        var columns = cell.Conditions.Columns();
        var held = condition.Split(Explanation.And).Select(text => columns.FirstOrDefault(column => column.Text == text)?.Held).ToList();
        return held.Contains(null) ? 0 : held[0]!.Count(cell.Passed.ToArray(cell.Conditions.Trials), held[^1]!);
    }
}
