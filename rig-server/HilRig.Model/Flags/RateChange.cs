using System.Text.Json.Serialization;

namespace HilRig.Model.Flags;

/// <summary>A failure's rate became another one: in the course of time, or with a release.</summary>
/// <param name="Since">When, or since which release: <c>2026-11-25 02:14</c>, <c>release kboot-2.0.1</c>.</param>
/// <param name="Earliest">In time: it happened between this and <paramref name="Latest"/>, at 99 %; for an alarm its last quiet moment and when it rang; null between releases.</param>
/// <param name="Before">Failures of the step until then.</param>
/// <param name="After">Failures since then; those until an alarm rang.</param>
/// <param name="LogOdds">ln of the odds of two rates over one.</param>
public sealed record RateChange(string Since, DateTimeOffset? Earliest, DateTimeOffset? Latest, Rate Before, Rate After, double LogOdds)
{
    /// <summary>
    /// True for the alarm of the last day, which rings sooner than two rates can be proven: then <paramref name="LogOdds"/> weighs a rate several times as
    /// high against the one before, and about one quiet night in a thousand gives one.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAlarm { get; init; }

    /// <summary>How far a change is believed at even odds beforehand, 0 to 1.</summary>
    public double Confidence => 1 / (1 + Math.Exp(-LogOdds));

    /// <summary>In words, with position and confidence.</summary>
    public string Sentence =>
        $"{(After.Value > Before.Value ? "more" : "less")} often since {Since}"
        + (!IsAlarm && Earliest is { } from && Latest is { } to ? $" (99 %: {from.UtcDateTime:yyyy-MM-dd HH:mm} to {to.UtcDateTime:yyyy-MM-dd HH:mm})" : "")
        + $": {Before.Failures} of {Before.Trials} before, {After.Failures} of {After.Trials} {(IsAlarm ? "until the alarm" : "after")}; "
        + (IsAlarm ? "about one quiet night in a thousand raises one" : $"odds of {(LogOdds > 13.8 ? "over a million" : $"{Math.Exp(LogOdds):0}")} to 1");
}
