using System.Text.Json;
using System.Text.Json.Serialization;
using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>One run of the corpus.</summary>
/// <param name="Draw">From 1; with the corpus' seed and the fault's name it replays the run.</param>
public sealed record TrialResult(string Fault, Layer Truth, int Draw, Layer Said, double Seconds, string Because)
{
    /// <summary>The machine was starved meanwhile: the run had a second fault that nobody injected (<see cref="Starvation"/>).</summary>
    public bool IsVoid { get; init; }

    /// <summary>Where nothing failed there was nothing to judge.</summary>
    [JsonIgnore]
    public bool IsJudged => !IsVoid && Said != Layer.None;
}

/// <summary>The runs that are done, a line each on disk, so that a campaign that was broken off goes on.</summary>
public sealed class TrialLog
{
    private readonly string? file;
    private readonly Lock gate = new();
    private readonly List<TrialResult> results = [];

    private TrialLog(string? file) => this.file = file;

    public IReadOnlyList<TrialResult> Results => results;

    /// <summary>Reads what an earlier campaign left in <paramref name="file"/>; without a file it is kept in memory alone.</summary>
    public static TrialLog Open(string? file)
    {
        var log = new TrialLog(file);
        if (File.Exists(file))
            log.results.AddRange(File.ReadLines(file).Select(line => JsonSerializer.Deserialize<TrialResult>(line, RunJson.Options)!));
        return log;
    }

    public void Add(TrialResult result)
    {
        lock (gate)
        {
            results.Add(result);
            if (file is not null)
                File.AppendAllText(file, JsonSerializer.Serialize(result, RunJson.Options) + "\n");
        }
    }
}
