using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Tests.SystemTests;

/// <summary>What came of one <c>agent run</c>.</summary>
public sealed record AgentRun(int Exit, string Output, IReadOnlyList<RunEvent> Events)
{
    public IEnumerable<StepEnded> Steps => Events.Select(runEvent => runEvent.Body).OfType<StepEnded>();

    public IEnumerable<Fingerprint> Failures => Steps.Where(step => step.Failure is not null).Select(step => Fingerprint.Of(step.Step, step.Failure!));

    public EvidenceItem Evidence(string step, string kind) => Steps.First(ended => ended.Step == step).Evidence.First(item => item.Kind == kind);

    /// <summary>Runs a sequence on the board in an agent process.</summary>
    /// <param name="environment">Added to the agent's.</param>
    public static async Task<AgentRun> OfAsync(TestBoard board, string sequence, IReadOnlyDictionary<string, string?> environment, params string[] options)
    {
        var file = board.WriteSequence(sequence);
        var events = Path.Combine(board.Folder, "events.jsonl");
        File.Delete(events);
        using var agent = Child.Start("hilrig-agent", environment, ["run", file, "--place", board.Place, "--places", board.PlacesFile, "--events", events, "--data", board.Folder, .. options]);
        var exit = await agent.ExitAsync(TimeSpan.FromMinutes(3));
        return new AgentRun(exit, agent.Output, File.Exists(events) ? [.. File.ReadLines(events).Select(line => JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options)!)] : []);
    }
}
