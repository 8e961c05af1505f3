using System.CommandLine;
using System.Text.Json;
using HilRig.Model.Flags;
using HilRig.Model.Nights;
using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary><c>hilrig report</c>: the morning report.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var night = new Option<string?>("--night") { Description = "The day on which the night began, 2026-01-21; the last night without it." };
        var zone = new Option<string?>("--zone") { Description = "IANA's name of the clock by which noon is noon; the server's own without it." };
        var command = LabVerb.Create(
            "report", "What a night came to: what ran, what is new, which board needs hands, what the rig cost",
            (parsed, server, cancellationToken) => server.GetAsync(
                $"/api/v1/night?date={Uri.EscapeDataString(parsed.GetValue(night) ?? "")}&zone={Uri.EscapeDataString(parsed.GetValue(zone) ?? "")}", cancellationToken),
            (_, answer) => Lines(answer.Deserialize<NightReport>(RunJson.Options)!));
        command.Add(night);
        command.Add(zone);
        return command;
    }

    private static IEnumerable<string> Lines(NightReport report) =>
    [
        report.Sentence,
        $"from {report.From:yyyy-MM-dd HH:mm zzz} to {report.To:yyyy-MM-dd HH:mm zzz}, {report.Zone}{(report.AsOf < report.To ? ", not over yet" : "")}{(report.IsCut ? "; more runs than a report counts, the oldest are left out" : "")}",
        .. Part("What ran", report.Work, work => $"{work.Sequence,-24} {work.Release,-20} {work.Runs,4} runs on {string.Join(", ", work.Places)}  {work.Cycles}{(work.Voided == 0 ? "" : $", {work.Voided} void")}"),
        .. Part("New flags", report.New, Flag),
        .. Part("Changed flags", report.Changed, flag => $"{Flag(flag)}{string.Concat(flag.Changes.Select(change => $"; {change.Sentence}"))}"),
        .. Part("Failed again", report.Again, Flag),
        .. Part("Needs hands", report.Hands, hands => $"{hands.Place}: {hands.Why}. {hands.Action}"),
        .. Part("Lost to the rig", report.Lost, lost => $"{(lost.Time is { } time ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : "unknown"),8}  {lost.Place}: {lost.Because} ({lost.RunId})"),
        .. Part("Goals", report.Goals, goal => $"{goal.Name}: {goal.State}, {goal.Done} of {goal.Target}; {goal.Sentence}"),
    ];

    private static IEnumerable<string> Part<T>(string title, IReadOnlyList<T> items, Func<T, string> line) =>
        items.Count == 0 ? [$"{title}: none"] : [$"{title}:", .. items.Select(item => $"  {line(item)}")];

    private static string Flag(Flag flag) =>
        $"{flag.Class}: {flag.Fingerprint}, {flag.Rate} ({flag.Sequence}, {flag.Release}){(flag.BestTriggers.FirstOrDefault() is { } best ? $": {flag.Explain(best)}" : "")}";
}
