using System.Text.Json;
using HilRig.Analysis.Reproducers;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Investigations;

/// <summary>Cuts a failing cycle down on idle boards, run by run; takes up where an earlier try stopped.</summary>
internal sealed class ReproduceRun(Reduction reduction, Boards boards, TextWriter output)
{
    private string LogFile => Path.Combine(boards.Folder, "candidates.jsonl");

    /// <summary>The reproducer, or null where nothing was seen failing within the budget or no run came as far as that.</summary>
    public async Task<Reproducer?> RunAsync(CancellationToken cancellationToken)
    {
        await ReplayAsync(cancellationToken);
        var barren = reduction.Barren;
        while (reduction.Next() is { } run)
        {
            var outcomes = await TryAsync(run, cancellationToken);
            reduction.Record(run, outcomes);
            if (run.Stage is ReductionStage.Proof or ReductionStage.Confirm)
                continue;
            await File.AppendAllTextAsync(LogFile, JsonSerializer.Serialize(new LoggedCandidate(run.Stage, run.Candidate.ToString(), outcomes.With.Failures, outcomes.With.Counted, run.Cycles), RunJson.Options) + "\n", cancellationToken);
            output.WriteLine($"  {reduction.Spent,4} cycles: failed {outcomes.With.Failures} of {outcomes.With.Counted} after {reduction.Words(run.Candidate)}"
                + (run.Stage is ReductionStage.Search ? $"; the shortest so far is believed to {100 * reduction.Belief:0.#} %" : ""));
            barren = Math.Min(barren, reduction.Barren);
            if (reduction.Barren - barren < Reduction.MostBarren)
                continue;
            output.WriteLine($"no cycle of {Reduction.MostBarren} runs in a row passed or failed so: what each begins with (power, erase, reset) or a step on the way fails by itself; mend that first, the runs in {boards.Folder} say what it is");
            return null;
        }
        return reduction.Result;
    }

    /// <summary>A simpler value that a step cannot have is an answer too: nothing failed with it.</summary>
    private async Task<ReductionOutcomes> TryAsync(ReductionRun run, CancellationToken cancellationToken)
    {
        try
        {
            var runs = await boards.ShareAsync(run.Stage is ReductionStage.Proof or ReductionStage.Confirm ? run.Stage.ToString().ToLowerInvariant() : "candidate", run.Text, run.Cycles, run.Seed, cancellationToken);
            return reduction.OutcomesOf(run, [.. runs.Select(one => (one.Seed, one.Events))]);
        }
        catch (BadInputException) when (run.Stage is ReductionStage.Simplify)
        {
            return ReductionOutcomes.None;
        }
    }

    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(LogFile))
            return;
        foreach (var (index, line) in (await File.ReadAllLinesAsync(LogFile, cancellationToken)).Index())
        {
            var logged = Read(line, index + 1);
            reduction.Record(new ReductionRun(logged.Stage, Candidate.Parse(logged.Candidate)!, "", logged.Cycles, 0), ReductionOutcomes.None with { With = new CycleOutcomes(logged.Failures, logged.Counted - logged.Failures, 0) });
        }
        output.WriteLine($"  taken up after {reduction.Spent} cycles");
    }

    private LoggedCandidate Read(string line, int number)
    {
        try
        {
            var logged = JsonSerializer.Deserialize<LoggedCandidate>(line, RunJson.Options)!;
            return Candidate.Parse(logged.Candidate) is null ? throw new JsonException($"`{logged.Candidate}` names no steps") : logged;
        }
        catch (JsonException exception)
        {
            throw BadInputException.At(LogFile, number, 1, $"not a logged candidate: {exception.Message}; remove the file to begin anew");
        }
    }

    private sealed record LoggedCandidate(ReductionStage Stage, string Candidate, int Failures, int Counted, int Cycles);
}
