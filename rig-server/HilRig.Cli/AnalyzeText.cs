using HilRig.Analysis.History;

namespace HilRig.Cli;

/// <summary>A history report for a person: a line a claim, and what defends it below.</summary>
internal static class AnalyzeText
{
    public static string Of(HistoryReport report) =>
        string.Join(Environment.NewLine, [.. report.Flags.SelectMany(Lines), .. report.Releases.Select(Line), .. report.Excluded.Select(Line), .. report.Notes]);

    private static IEnumerable<string> Lines(HistoryFlag flag)
    {
        var place = flag.Board ?? flag.Agent;
        yield return $"{flag.Class}{(flag.IsNew ? ", new" : "")}: {flag.Fingerprint} on {flag.Step} of {flag.Release}{(place is null ? "" : $" on {place}")}: " +
            $"{flag.K}/{flag.N} → {100 * flag.Rate:0.##} % [{100 * flag.Interval95[0]:0.##}–{100 * flag.Interval95[1]:0.##}]";
        foreach (var trigger in flag.Triggers.Count > 0 ? flag.Triggers : flag.Trigger is { } only ? [only] : [])
            yield return $"  {trigger.Inside[0]} of {trigger.Inside[1]} when {string.Join(" and ", trigger.Conditions.Select(HistoryReport.InWords))} ({string.Join(" AND ", trigger.Conditions)}), {trigger.Outside[0]} of {trigger.Outside[1]} otherwise ({trigger.Bits} bits){Equivalents(trigger)}";
        if (flag.ChangePoint is { } change)
            yield return $"  changed at {change.TimeSeconds:0} s from {100 * change.Before:0.###} % to {100 * change.After:0.###} % (99 %: {change.Interval99[0]:0} to {change.Interval99[1]:0} s; {change.LogOdds} nats)";
        if (flag.Trend is { } trend)
            yield return $"  {trend}";
        if (flag.Sessions is { } sessions)
            yield return $"  clusters by power session: {sessions.Failing} of {sessions.Count} sessions failed (z = {sessions.Z})";
        foreach (var note in flag.Notes)
            yield return $"  {note}";
    }

    private static string Equivalents(HistoryTrigger trigger) =>
        trigger.Equivalent.Count == 0 ? "" : $"; the data does not exclude {string.Join(", ", trigger.Equivalent.Select(conditions => string.Join(" AND ", conditions)))}";

    private static string Line(ReleaseLine release) =>
        $"release {release.Release}: {release.Trials} trials, {(release.Clean ? "no flag accuses it" : "flagged")}";

    private static string Line(Exclusion exclusion) =>
        $"left out by the rule `{exclusion.Rule}` on {exclusion.Agent}: {exclusion.Failures} failures, {exclusion.Trials} trials";
}
