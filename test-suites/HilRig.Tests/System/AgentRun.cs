using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Tests.SystemTests;

/// <summary><c>agent run</c> as a process on a virtual board: what it said, and every event.</summary>
public sealed record AgentRun(int Exit, string Output, IReadOnlyList<RunEvent> Events)
{
    public static async Task<AgentRun> OfAsync(TestBoard board, string sequence, params string[] options)
    {
        var events = Path.Combine(board.Folder, "events.jsonl");
        using var agent = Child.Start("hilrig-agent", ["run", sequence, "--place", board.Place, "--places", board.PlacesFile, "--events", events, "--data", board.Folder, .. options]);
        var exit = await agent.ExitAsync(TimeSpan.FromMinutes(4));
        return new AgentRun(exit, agent.Output, File.Exists(events) ? Read(events) : []);
    }

    public static List<RunEvent> Read(string file) =>
        [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options)!)];
}
