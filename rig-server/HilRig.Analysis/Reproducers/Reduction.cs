using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Analysis.Reproducers;

/// <summary>
/// The way from a failing cycle to its reproducer, within a budget of cycles: says which run comes next, learns from it, and in
/// the end proves what it found in fresh cycles. Whoever has boards makes the runs; recording the runs so far resumes it.
/// </summary>
public sealed class Reduction
{
    private const int ProofCycles = 40;
    private const int FewestProofCycles = 10;
    private readonly FailingCycle failing;
    private readonly Flag flag;
    private readonly bool switchesPower;
    private readonly int budget;
    private readonly int boards;
    private readonly double rate;
    private readonly ReproducerSearch search;

    /// <param name="switchesPower">Cycles begin with power off; else with a reset by the probe.</param>
    /// <param name="boards">A run has at least a cycle for each.</param>
    public Reduction(FailingCycle failing, Flag flag, bool switchesPower, int budget, int boards = 1)
    {
        (this.failing, this.flag, this.switchesPower, this.budget, this.boards) = (failing, flag, switchesPower, budget, boards);
        var trigger = flag.Class is FlagClass.Conditional ? flag.Triggers[0] : null;
        rate = trigger?.Inside.Value ?? flag.Rate.Value;
        var prior = trigger is null && flag.Class is FlagClass.Intermittent ? StepSetPrior.WithoutTrigger(failing.Before.Count) : StepSetPrior.Of(failing.Before.Count, trigger is null ? 0 : failing.Suspects(trigger.Condition));
        search = new ReproducerSearch(failing.Before.Count, prior, rate, trigger?.Outside.Value ?? 0, seed: 1);
    }

    /// <summary>Cycles recorded so far.</summary>
    public int Spent { get; private set; }

    /// <summary>How far the shortest so far is believed, 0 to 1.</summary>
    public double Belief => search.BestBelief;

    /// <summary>The reproducer, once it is proven; null before, and where nothing was seen failing within the budget.</summary>
    public Reproducer? Result { get; private set; }

    /// <summary>The next run; null when it is over.</summary>
    public ReductionRun? Next()
    {
        if (Result is not null)
            return null;
        if (!search.IsDone && Spent < budget - FewestProofCycles)
        {
            var candidate = search.Next();
            var cycles = Math.Clamp(Math.Max((int)Math.Round(0.5 / rate), boards), 1, budget - FewestProofCycles - Spent);
            return new ReductionRun(candidate, false, failing.ToSequence("candidate", "Does it still fail?", candidate, switchesPower, cycles), cycles, Spent + 1);
        }
        if ((search.IsDone ? search.Best : search.SmallestFailing) is not { } found)
            return null;
        var proof = Math.Clamp(budget - Spent, FewestProofCycles, ProofCycles);
        // Fresh cycles, each drawn to make the needed steps or to leave them out: says how often it fails, and that it is these steps.
        return new ReductionRun(found, true, found == 0
            ? failing.ToSequence("proof", "How often does it fail?", found, switchesPower, proof)
            : failing.ToExperiment("proof", "Is it these steps?", found, switchesPower, proof), proof, Spent + 1);
    }

    /// <summary>What came of the run, on one board or several, each with the seed of its own.</summary>
    public ReductionOutcomes OutcomesOf(ReductionRun run, IReadOnlyList<(int Seed, IReadOnlyList<RunEvent> Events)> boardRuns)
    {
        if (!run.IsProof || run.Candidate == 0)
            return new ReductionOutcomes(CycleOutcomes.Sum(boardRuns.Select(one => CycleOutcomes.Of(one.Events, failing.Fingerprint))), new CycleOutcomes(0, 0, 0));
        var sequence = SequenceFile.Parse("proof", run.Text);
        return new ReductionOutcomes(Where(true), Where(false));

        CycleOutcomes Where(bool made) =>
            CycleOutcomes.Sum(boardRuns.Select(one => CycleOutcomes.Of(one.Events, failing.Fingerprint, cycle => FailingCycle.MakesThem(sequence, one.Seed, cycle) == made)));
    }

    /// <summary>Learns from a run that <see cref="Next"/> asked for.</summary>
    public void Record(ReductionRun run, ReductionOutcomes outcomes)
    {
        Spent += run.Cycles;
        if (!run.IsProof)
        {
            search.Record(run.Candidate, outcomes.With.Failures, outcomes.With.Counted);
            return;
        }
        var (with, without) = (ClopperPearson.Rate(outcomes.With.Failures, outcomes.With.Counted), ClopperPearson.Rate(outcomes.Without.Failures, outcomes.Without.Counted));
        Result = new Reproducer(run.Candidate, failing.Kept(run.Candidate).Count() + 1, search.IsDone ? search.BestBelief : null, with, without, TwoArms.Evidence(with.Failures, without.Failures), Spent);
    }

    public string Words(ulong candidate) => candidate == 0 ? "nothing before it" : string.Join(", ", failing.Kept(candidate).Select(step => step.ToString()));

    /// <summary>The result as a sequence file.</summary>
    public string ToSequence(Reproducer found) => failing.ToSequence("reproducer", $"{flag.Fingerprint}: {found.Sentence}.", found.Kept, switchesPower, 40);

    /// <summary>
    /// What the experiment says of explanations that the data could not tell apart: one whose steps are all needed stands, one
    /// that points at a step which could be left out falls. Empty where there was only one.
    /// </summary>
    public IEnumerable<string> Discriminate(Reproducer found)
    {
        var rivals = flag.BestTriggers.Select(trigger => (trigger.Sentence, Steps: failing.Suspects(trigger.Condition))).ToList();
        return rivals.Count < 2 ? [] : rivals.Select(rival => rival.Steps == 0 ? $"{rival.Sentence}: it names no step, so this experiment does not tell"
            : (rival.Steps & ~found.Kept) == 0 ? $"{rival.Sentence}: stands, its steps are needed"
            : $"{rival.Sentence}: falls, it fails without {Words(rival.Steps & ~found.Kept)}");
    }
}

/// <summary>A run that a reduction asks for.</summary>
/// <param name="Candidate">A bit a step that is kept.</param>
/// <param name="Text">The sequence.</param>
/// <param name="Seed">For its choices.</param>
public sealed record ReductionRun(ulong Candidate, bool IsProof, string Text, int Cycles, int Seed);

/// <param name="With">Cycles with the candidate's steps.</param>
/// <param name="Without">In a proof, cycles without them.</param>
public sealed record ReductionOutcomes(CycleOutcomes With, CycleOutcomes Without);

/// <summary>The shortest way found to see a failure again.</summary>
/// <param name="Kept">A bit a step of the failing cycle.</param>
/// <param name="Steps">Steps with the failing one, without those that clean the board.</param>
/// <param name="Belief">How far it is believed to be the shortest; null where the budget ended before.</param>
/// <param name="Proof">Fresh cycles of it.</param>
/// <param name="Without">Fresh cycles of the failing step alone, drawn among them; none where it needs nothing before it.</param>
/// <param name="Evidence">The e-value of the steps being what it needs: 20 confirm at 95 %.</param>
/// <param name="Cycles">Cycles spent in all.</param>
public sealed record Reproducer(ulong Kept, int Steps, double? Belief, Rate Proof, Rate Without, double Evidence, int Cycles)
{
    /// <summary>As in <c>fails 37 of 40 in 2 steps</c>.</summary>
    public string Sentence => $"fails {Proof.Failures} of {Proof.Trials} in {Steps} {(Steps == 1 ? "step" : "steps")}";

    /// <summary>What the drawn cycles without the steps say; null where it needs none.</summary>
    public string? Confirmation => Without.Trials == 0 ? null
        : $"without them {Without.Failures} of {Without.Trials}, drawn cycle by cycle: {(Evidence >= TwoArms.Confirmed ? "confirmed at 95 %" : "not confirmed")} (e = {Evidence:0.#}, {TwoArms.Confirmed} needed)";
}
