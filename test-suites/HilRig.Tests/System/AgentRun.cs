using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Tests.SystemTests;

/// <summary><c>agent run</c> as a process on a virtual board: what it said, and every event.</summary>
public sealed record AgentRun(int Exit, string Output, IReadOnlyList<RunEvent> Events)
{
    public IEnumerable<StepEnded> Steps => Events.Select(runEvent => runEvent.Body).OfType<StepEnded>();

    public IEnumerable<Fingerprint> Failures => Steps.Where(step => step.Failure is not null).Select(step => Fingerprint.Of(step.Step, step.Failure!));

    public EvidenceItem Evidence(string step, string kind) => Steps.First(ended => ended.Step == step).Evidence.First(item => item.Kind == kind);

    public static Task<AgentRun> OfAsync(TestBoard board, string sequence, params string[] options) =>
        OfAsync(board, sequence, new Dictionary<string, string?>(), options);

    /// <param name="sequence">The sequence's file.</param>
    /// <param name="environment">Added to the agent's.</param>
    public static async Task<AgentRun> OfAsync(TestBoard board, string sequence, IReadOnlyDictionary<string, string?> environment, params string[] options)
    {
        var events = Path.Combine(board.Folder, "events.jsonl");
        File.Delete(events);
        using var agent = Child.Start("hilrig-agent", environment, ["run", sequence, "--place", board.Place, "--places", board.PlacesFile, "--events", events, "--data", board.Folder, .. options]);
        var exit = await agent.ExitAsync(TimeSpan.FromMinutes(4));
        return new AgentRun(exit, agent.Output, File.Exists(events) ? Read(events) : []);
    }

    public static List<RunEvent> Read(string file) =>
        [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options)!)];
}
