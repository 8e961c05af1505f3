using System.CommandLine;
using System.Text.Json;

namespace HilRig.Cli.Lab;

/// <summary>Verbs that only read.</summary>
internal static class ReadCommands
{
    public static Command Places() => LabVerb.Page("places", "Places and what they do", "/api/v1/places", "name", "no agent has announced a place yet", Place);

    public static Command Runs()
    {
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 20 };
        var filters = new[]
        {
            new Option<string?>("--place") { Description = "Only those of this place." },
            new Option<string?>("--release") { Description = "Only those of this release." },
            new Option<string?>("--sequence") { Description = "Only those of this sequence." },
            new Option<string?>("--verdict") { Description = "Only those that ended so: pass, inconclusive, fail, aborted or error." },
            new Option<string?>("--state") { Description = "Only those that go on (running), or that are over (ended)." },
            new Option<string?>("--layer") { Description = "Only those with a cycle that this is to blame for: product, sequence, rig or undetermined." },
            new Option<string?>("--from") { Description = "Only those begun at that time or later, such as 2026-01-31 or 2026-01-31T22:00:00Z." },
            new Option<string?>("--to") { Description = "Only those begun before that time." },
            new Option<string?>("--cursor") { Description = "Only those before this run: the last one of the page before." },
        };
        var command = LabVerb.Create(
            "runs", "The newest runs",
            (parsed, server, cancellationToken) => server.GetAsync(
                $"/api/v1/runs?limit={parsed.GetValue(limit)}{string.Concat(filters.Where(filter => parsed.GetValue(filter) is not null).Select(filter => $"&{filter.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(filter)!)}"))}",
                cancellationToken),
            (_, answer) => LabVerb.Lines(answer, "there is no such run", Run));
        command.Add(limit);
        foreach (var filter in filters)
            command.Add(filter);
        return command;
    }

    public static Command Flags() => LabVerb.Page("flags", "What the analysis claims, gravest first", "/api/v1/flags", "id", "no step has failed", Flag);

    public static Command Audit() => LabVerb.Page(
        "audit", "Who changed what, newest first", "/api/v1/audit", "position", "nobody has changed anything",
        entry => $"{LabVerb.Text(entry, "position"),8} {LabVerb.Text(entry, "at")}  {LabVerb.Text(entry, "who"),-16} {LabVerb.Text(entry, "action")} {LabVerb.Text(entry, "subject")} {LabVerb.Text(entry, "detail")}".TrimEnd());

    public static Command Investigations() => LabVerb.Page(
        "investigations", "What the server found out about flags by itself", "/api/v1/investigations", "flagId", "nothing was followed; the server does so with --auto-investigate", Investigation);

    private static string Investigation(JsonElement report) =>
        $"{LabVerb.Text(report, "flagId")}: {(LabVerb.Text(report, "blame") is { Length: > 0 } blame ? blame : "open")}: {LabVerb.Text(report, "reason")}"
        + string.Concat(report.GetProperty("proof").EnumerateArray().Select(line => $"{Environment.NewLine}  {line.GetString()}"));

    private static string Place(JsonElement place)
    {
        var state = place.GetProperty("agentConnected").GetBoolean() ? LabVerb.Text(place, "runId") is { Length: > 0 } run ? $"runs {run}" : "idle" : "agent away";
        return $"{LabVerb.Text(place, "name"),-16} {LabVerb.Text(place, "boardType"),-8} {LabVerb.Text(place, "agent"),-16} {state}";
    }

    private static string Run(JsonElement run)
    {
        var started = run.GetProperty("started");
        var end = LabVerb.Text(run, "ended") is { Length: > 0 } ? LabVerb.Text(run, "verdict") : "running";
        return $"{LabVerb.Text(run, "runId"),-40} {LabVerb.Text(started, "sequence"),-20} {LabVerb.Text(started, "release"),-18} {LabVerb.Text(run, "cyclesDone"),8} cycles  {end}";
    }

    private static string Flag(JsonElement flag)
    {
        var print = flag.GetProperty("fingerprint");
        var rate = flag.GetProperty("rate");
        return $"{LabVerb.Text(flag, "class")}: {LabVerb.Text(print, "step")} · {LabVerb.Text(print, "operation")} · {LabVerb.Text(print, "code")} {LabVerb.Text(print, "codeName")}, " +
            $"{LabVerb.Text(rate, "failures")} of {LabVerb.Text(rate, "trials")} in {LabVerb.Text(flag, "release")} ({LabVerb.Text(flag, "id")}){Known(flag)}" +
            string.Concat(flag.GetProperty("changes").EnumerateArray().Select(change => $"{Environment.NewLine}  {LabVerb.Text(change, "sentence")}"));
    }

    private static string Known(JsonElement flag) =>
        flag.TryGetProperty("known", out var known) && known.ValueKind is JsonValueKind.Object ? $", known as {LabVerb.Text(known, "id")}, {LabVerb.Text(known, "owner")} answers for it" : "";
}
