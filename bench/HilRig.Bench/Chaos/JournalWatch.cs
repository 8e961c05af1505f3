using System.Text.Json;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Bench.Chaos;

/// <summary>Every event that was ever seen on an agent's disk. What is there once must stay as it is, and be what the server holds in the end.</summary>
public sealed class JournalWatch
{
    private const int JsonStart = 9;
    private readonly Dictionary<(string RunId, long Number), string> seen = [];

    public int Count => seen.Count;

    /// <summary>Reads each whole line of each journal that a dead agent left, a torn one was never an event; answers what is other than it was before.</summary>
    public IReadOnlyList<string> Read(string folder)
    {
        var changed = new List<string>();
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + RunJournal.Extension) : [])
        {
            foreach (var line in File.ReadAllText(path).Split('\n')[..^1].Where(line => !line.AsSpan(JsonStart).StartsWith("{\"epoch\"")))
            {
                var runEvent = JsonSerializer.Deserialize<RunEvent>(line.AsSpan(JsonStart), RunJson.Options)!;
                var (key, text) = ((runEvent.RunId, runEvent.Number), Text(runEvent));
                if (!seen.TryAdd(key, text) && seen[key] != text)
                    changed.Add($"event {key} changed on disk from {seen[key]} to {text}");
            }
        }
        return changed;
    }

    /// <summary>What was on disk of a run and is not among its stored events as it was.</summary>
    public IReadOnlyList<string> Missing(string runId, IReadOnlyList<RunEvent> stored)
    {
        var there = stored.ToDictionary(runEvent => runEvent.Number, Text);
        return
        [
            .. from then in seen
               where then.Key.RunId == runId && there.GetValueOrDefault(then.Key.Number) != then.Value
               select there.TryGetValue(then.Key.Number, out var now) ? $"{runId}, event {then.Key.Number}: on disk was {then.Value}, stored is {now}" : $"{runId}, event {then.Key.Number} was on disk and is not stored",
        ];
    }

    /// <summary>Runs of which something was on disk.</summary>
    public IEnumerable<string> Runs => seen.Keys.Select(key => key.RunId).Distinct();

    private static string Text(RunEvent runEvent) => JsonSerializer.Serialize(runEvent, RunJson.Options);
}
