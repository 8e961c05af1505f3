using System.CommandLine;
using System.Text.Json;

namespace HilRig.Cli.Lab;

/// <summary>Verbs that only read.</summary>
internal static class ReadCommands
{
    public static Command Places() => LabVerb.Create(
        "places", "Places and what they do", (_, server, cancellationToken) => server.GetAsync("/api/v1/places", cancellationToken),
        (_, answer) => LabVerb.Lines(answer, "no agent has announced a place yet", Place));

    public static Command Runs()
    {
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 20 };
        var command = LabVerb.Create(
            "runs", "The newest runs", (parsed, server, cancellationToken) => server.GetAsync($"/api/v1/runs?limit={parsed.GetValue(limit)}", cancellationToken),
            (_, answer) => LabVerb.Lines(answer, "no run has begun yet", Run));
        command.Add(limit);
        return command;
    }

    public static Command Flags() => LabVerb.Create(
        "flags", "What the analysis claims, gravest first", (_, server, cancellationToken) => server.GetAsync("/api/v1/flags", cancellationToken),
        (_, answer) => LabVerb.Lines(answer, "no step has failed", Flag));

    public static Command Investigations() => LabVerb.Create(
        "investigations", "What the server found out about flags by itself", (_, server, cancellationToken) => server.GetAsync("/api/v1/investigations", cancellationToken),
        (_, answer) => LabVerb.Lines(answer, "nothing was followed; the server does so with --auto-investigate", Investigation));

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
            $"{LabVerb.Text(rate, "failures")} of {LabVerb.Text(rate, "trials")} in {LabVerb.Text(flag, "release")} ({LabVerb.Text(flag, "id")})" +
            string.Concat(flag.GetProperty("changes").EnumerateArray().Select(change => $"{Environment.NewLine}  {LabVerb.Text(change, "sentence")}"));
    }
}
