using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Reproducers;

/// <summary>Which of the steps before a failure bring a condition about, as far as it names any.</summary>
internal sealed class TriggerSteps(FailingCycle failing)
{
    private IReadOnlyList<ExecutedStep> Before => failing.Before;

    /// <summary>A bit a step; 0 where it names none.</summary>
    public ulong Of(string condition) => condition.Split(Triggers.Explanation.And).Aggregate(0UL, (steps, one) => steps | SuspectsOfOne(one));

    private ulong SuspectsOfOne(string condition)
    {
        var (name, value) = condition.Split(">=") is [var counted, var bound] ? (counted, bound) : condition.Split('=', 2) is [var named, var text] ? (named, text) : (condition, "");
        return name switch
        {
            // It was there when the bootloader started: an update, and the reset after it.
            ConditionVocabulary.AppAtBoot when value == "application" && Last("reset") is { } reset && Last("update", reset) is { } update => 1UL << reset | 1UL << update,
            ConditionVocabulary.AppNow when value == "application" && Last("update") is { } update => 1UL << update,
            ConditionVocabulary.AppNow when value == "blank" && Last("erase") is { } erase => 1UL << erase,
            ConditionVocabulary.LastReset when Last("reset") is { } reset => 1UL << reset,
            ConditionVocabulary.UpdatesSinceReset => LastOf("update", value),
            ConditionVocabulary.ErasesSinceReset => LastOf("erase", value),
            ConditionVocabulary.PreviousStep when Before.Count > 0 && Before[^1].Name == value => 1UL << (Before.Count - 1),
            ConditionVocabulary.StepBeforeLast when Before.Count > 1 && Before[^2].Name == value => 1UL << (Before.Count - 2),
            _ => 0,
        };
    }

    private ulong LastOf(string name, string count)
    {
        var (steps, before) = (0UL, Before.Count);
        for (var left = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) ? bound : 1; left > 0 && Last(name, before) is { } index; left--)
            (steps, before) = (steps | 1UL << index, index);
        return steps;
    }

    private int? Last(string name, int before = int.MaxValue)
    {
        for (var index = Math.Min(before, Before.Count) - 1; index >= 0; index--)
        {
            if (Before[index].Name.StartsWith(name, StringComparison.Ordinal))
                return index;
        }
        return null;
    }
}
