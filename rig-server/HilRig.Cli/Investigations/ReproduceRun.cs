using System.Text.Json;
using HilRig.Analysis.Rates;
using HilRig.Analysis.Reproducers;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Investigations;

/// <summary>Cuts a failing cycle down on idle boards, run by run, within a budget of cycles; takes up where an earlier try stopped.</summary>
internal sealed class ReproduceRun(FailingCycle failing, Flag flag, Boards boards, bool switchesPower, TextWriter output)
{
    private const int ProofCycles = 40;
    private const int FewestProofCycles = 10;

    private string LogFile => Path.Combine(boards.Folder, "candidates.jsonl");

    /// <summary>The reproducer, or null where nothing was seen failing within the budget.</summary>
    public async Task<Reproducer?> RunAsync(int budget, CancellationToken cancellationToken)
    {
        var trigger = flag.Class is FlagClass.Conditional ? flag.Triggers[0] : null;
        var rate = trigger?.Inside.Value ?? flag.Rate.Value;
        var background = trigger is null ? 0 : trigger.Outside.Value;
        var prior = trigger is null && flag.Class is FlagClass.Intermittent ? StepSetPrior.WithoutTrigger(failing.Before.Count) : StepSetPrior.Of(failing.Before.Count, trigger is null ? 0 : failing.Suspects(trigger.Condition));
        var search = new ReproducerSearch(failing.Before.Count, prior, rate, background, seed: 1);
        var spent = await ReplayAsync(search, cancellationToken);
        while (!search.IsDone && spent < budget - FewestProofCycles)
        {
            var candidate = search.Next();
            var cycles = Math.Clamp(Math.Max((int)Math.Round(0.5 / rate), boards.Places.Count), 1, budget - FewestProofCycles - spent);
            var outcomes = await TryAsync("candidate", candidate, cycles, spent, cancellationToken);
            spent += cycles;
            search.Record(candidate, outcomes.Failures, outcomes.Counted);
            await File.AppendAllTextAsync(LogFile, JsonSerializer.Serialize(new LoggedCandidate(candidate, outcomes.Failures, outcomes.Counted, cycles), RunJson.Options) + "\n", cancellationToken);
            output.WriteLine($"  {spent,4} cycles: failed {outcomes.Failures} of {outcomes.Counted} after {Words(candidate)}; the shortest so far is believed to {100 * search.BestBelief:0.#} %");
        }
        if ((search.IsDone ? search.Best : search.SmallestFailing) is not { } found)
            return null;
        return await ProveAsync(search, found, Math.Clamp(budget - spent, FewestProofCycles, ProofCycles), spent, cancellationToken);
    }

    /// <summary>Fresh cycles, each drawn to make the needed steps or to leave them out: says how often it fails, and that it is these steps.</summary>
    private async Task<Reproducer> ProveAsync(ReproducerSearch search, ulong found, int cycles, int spent, CancellationToken cancellationToken)
    {
        var seed = spent + 1;
        var text = found == 0
            ? failing.ToSequence("proof", "How often does it fail?", found, switchesPower, cycles)
            : failing.ToExperiment("proof", "Is it these steps?", found, switchesPower, cycles);
        var runs = await boards.ShareAsync("proof", text, cycles, seed, cancellationToken);
        var sequence = SequenceFile.Parse("proof", text);
        var with = CycleOutcomes.Sum(runs.Select(run => CycleOutcomes.Of(run.Events, failing.Fingerprint, cycle => found == 0 || FailingCycle.MakesThem(sequence, run.Seed, cycle))));
        var without = CycleOutcomes.Sum(runs.Select(run => CycleOutcomes.Of(run.Events, failing.Fingerprint, cycle => found != 0 && !FailingCycle.MakesThem(sequence, run.Seed, cycle))));
        return new Reproducer(
            found,
            failing.Kept(found).Count() + 1,
            search.IsDone ? search.BestBelief : null,
            ClopperPearson.Rate(with.Failures, with.Counted),
            ClopperPearson.Rate(without.Failures, without.Counted),
            TwoArms.Evidence(with.Failures, without.Failures),
            spent + cycles);
    }

    public string Words(ulong candidate) => candidate == 0 ? "nothing before it" : string.Join(", ", failing.Kept(candidate).Select(step => step.ToString()));

    private async Task<CycleOutcomes> TryAsync(string name, ulong candidate, int cycles, int seed, CancellationToken cancellationToken) =>
        CycleOutcomes.Sum((await boards.ShareAsync(name, failing.ToSequence(name, "Does it still fail?", candidate, switchesPower, cycles), cycles, seed + 1, cancellationToken)).Select(run => CycleOutcomes.Of(run.Events, failing.Fingerprint)));

    private async Task<int> ReplayAsync(ReproducerSearch search, CancellationToken cancellationToken)
    {
        var spent = 0;
        if (!File.Exists(LogFile))
            return spent;
        foreach (var line in await File.ReadAllLinesAsync(LogFile, cancellationToken))
        {
            var logged = JsonSerializer.Deserialize<LoggedCandidate>(line, RunJson.Options)!;
            search.Record(logged.Steps, logged.Failures, logged.Counted);
            spent += logged.Cycles;
        }
        output.WriteLine($"  taken up after {spent} cycles");
        return spent;
    }

    private sealed record LoggedCandidate(ulong Steps, int Failures, int Counted, int Cycles);
}

/// <summary>The shortest way found to see a failure again.</summary>
/// <param name="Kept">A bit a step of the failing cycle.</param>
/// <param name="Steps">Steps with the failing one, without those that clean the board.</param>
/// <param name="Belief">How far it is believed to be the shortest; null where the budget ended before.</param>
/// <param name="Proof">Fresh cycles of it.</param>
/// <param name="Without">Fresh cycles of the failing step alone, drawn among them; none where it needs nothing before it.</param>
/// <param name="Evidence">The e-value of the steps being what it needs: 20 confirm at 95 %.</param>
/// <param name="Cycles">Cycles spent in all.</param>
internal sealed record Reproducer(ulong Kept, int Steps, double? Belief, Rate Proof, Rate Without, double Evidence, int Cycles);
