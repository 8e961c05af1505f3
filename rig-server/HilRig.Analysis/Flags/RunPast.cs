using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>What the samples of one run, in their order, tell of those that follow: conditions that no event carries, and power sessions.</summary>
/// <remarks>After a failure the board was brought back in ways that are no samples: then what needs the step before is not known, and did not hold.</remarks>
internal sealed class RunPast
{
    private static readonly int[] Seconds = [600, 300, 120, 60, 30, 20, 10, 5];
    private static readonly string[] Hours = [.. Enumerable.Range(0, 24).Select(hour => hour.ToString("00", CultureInfo.InvariantCulture))];
    private (string Step, bool Passed, DateTimeOffset At)? last;
    private string? beforeLast;
    private string? image;
    private DateTimeOffset? resetAt;
    private int? powerOff;
    private int session;

    /// <summary>Conditions of the sample beside its own. Call it once a sample, before <see cref="Follow"/>.</summary>
    public void Tell(StepSample sample, List<KeyValuePair<string, string>> conditions)
    {
        conditions.Add(new(ConditionVocabulary.Agent, sample.Agent));
        if (sample.Hub is { } hub)
            conditions.Add(new(ConditionVocabulary.Hub, $"{hub} of {sample.Agent}"));
        conditions.Add(new(ConditionVocabulary.Hour, Hours[sample.At.UtcDateTime.Hour]));
        if (sample.Step == "update" && image is not null && ImageOf(sample) is { } now)
            conditions.Add(new(ConditionVocabulary.SameImage, now == image ? "yes" : "no"));
        if (!FollowsTheLast(sample))
            return;
        if (beforeLast is not null)
            conditions.Add(new(ConditionVocabulary.StepBeforeLast, beforeLast));
        // Up to the end of the step before: a failure that is a long wait would else be late by itself.
        if (resetAt is { } since)
            conditions.Add(new(ConditionVocabulary.SecondsSinceReset, Elapsed(last!.Value.At - since)));
    }

    /// <summary>Takes the sample into the past.</summary>
    /// <param name="sessions">Sessions of all runs so far.</param>
    /// <returns>The number of its power session; 0 where nothing tells when power was off.</returns>
    public int Follow(StepSample sample, ref int sessions)
    {
        var passed = sample.Verdict <= Verdict.Pass;
        beforeLast = FollowsTheLast(sample) ? last!.Value.Step : null;
        last = (sample.Step, passed, sample.At);
        resetAt = !passed ? null : IsReset(sample.Step) ? sample.At : resetAt;
        if (sample.Step == "update")
            image = ImageOf(sample);
        if (!sample.Conditions.TryGetValue(ConditionVocabulary.CyclesSincePower, out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cycles))
            return 0;
        if (powerOff != sample.Cycle - cycles)
            session = ++sessions;
        powerOff = sample.Cycle - cycles;
        return session;
    }

    private bool FollowsTheLast(StepSample sample) =>
        last is { Passed: true } before && (!sample.Conditions.TryGetValue(ConditionVocabulary.PreviousStep, out var step) || step == before.Step);

    private static string? ImageOf(StepSample sample) => sample.Conditions.TryGetValue(ConditionVocabulary.Image, out var name) ? name : null;

    /// <summary>Also as an imported history calls it.</summary>
    private static bool IsReset(string step) => step is "power_cycle" || step.StartsWith("reset", StringComparison.Ordinal);

    /// <summary>The largest of a few bounds that was reached: so many values are told apart and no more.</summary>
    private static string Elapsed(TimeSpan time)
    {
        foreach (var bound in Seconds)
        {
            if (time.TotalSeconds >= bound)
                return bound.ToString(CultureInfo.InvariantCulture);
        }
        return "0";
    }
}
