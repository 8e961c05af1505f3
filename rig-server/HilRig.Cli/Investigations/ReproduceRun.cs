using System.Text.Json;
using HilRig.Analysis.Reproducers;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Investigations;

/// <summary>Cuts a failing cycle down on idle boards, run by run; takes up where an earlier try stopped.</summary>
internal sealed class ReproduceRun(Reduction reduction, Boards boards, TextWriter output)
{
    private string LogFile => Path.Combine(boards.Folder, "candidates.jsonl");

    /// <summary>The reproducer, or null where nothing was seen failing within the budget.</summary>
    public async Task<Reproducer?> RunAsync(CancellationToken cancellationToken)
    {
        await ReplayAsync(cancellationToken);
        while (reduction.Next() is { } run)
        {
            var runs = await boards.ShareAsync(run.IsProof ? "proof" : "candidate", run.Text, run.Cycles, run.Seed, cancellationToken);
            var outcomes = reduction.OutcomesOf(run, [.. runs.Select(one => (one.Seed, one.Events))]);
            reduction.Record(run, outcomes);
            if (run.IsProof)
                continue;
            await File.AppendAllTextAsync(LogFile, JsonSerializer.Serialize(new LoggedCandidate(run.Candidate, outcomes.With.Failures, outcomes.With.Counted, run.Cycles), RunJson.Options) + "\n", cancellationToken);
            output.WriteLine($"  {reduction.Spent,4} cycles: failed {outcomes.With.Failures} of {outcomes.With.Counted} after {reduction.Words(run.Candidate)}; the shortest so far is believed to {100 * reduction.Belief:0.#} %");
        }
        return reduction.Result;
    }

    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(LogFile))
            return;
        foreach (var (index, line) in (await File.ReadAllLinesAsync(LogFile, cancellationToken)).Index())
        {
            var logged = Read(line, index + 1);
            reduction.Record(new ReductionRun(logged.Steps, false, "", logged.Cycles, 0), new ReductionOutcomes(new CycleOutcomes(logged.Failures, logged.Counted - logged.Failures, 0), new CycleOutcomes(0, 0, 0)));
        }
        output.WriteLine($"  taken up after {reduction.Spent} cycles");
    }

    private LoggedCandidate Read(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<LoggedCandidate>(line, RunJson.Options)!;
        }
        catch (JsonException exception)
        {
            throw BadInputException.At(LogFile, number, 1, $"not a logged candidate: {exception.Message}; remove the file to begin anew");
        }
    }

    private sealed record LoggedCandidate(ulong Steps, int Failures, int Counted, int Cycles);
}
