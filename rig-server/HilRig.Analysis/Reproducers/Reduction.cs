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
    private const int ConfirmCycles = 40;

    /// <summary>So many runs of <see cref="Barren"/> are no accident: what the runs begin with fails by itself.</summary>
    public const int MostBarren = 5;

    private readonly FailingCycle failing;
    private readonly Flag flag;
    private readonly bool switchesPower;
    private readonly int budget;
    private readonly int boards;
    private readonly double rate;
    private readonly double background;
    private readonly ReproducerSearch search;
    private readonly Sequence? origin;
    private readonly TriggerTrial trial;
    private Simplification? simplification;

    /// <param name="origin">The sequence that failed, in which its parameters can be varied; null where only events are at hand.</param>
    /// <param name="switchesPower">Cycles begin with power off; else with a reset by the probe.</param>
    /// <param name="boards">A run has at least a cycle for each.</param>
    public Reduction(FailingCycle failing, Flag flag, bool switchesPower, int budget, int boards = 1, Sequence? origin = null)
    {
        (this.failing, this.flag, this.switchesPower, this.budget, this.boards, this.origin) = (failing, flag, switchesPower, budget, boards, origin);
        var trigger = flag.Class is FlagClass.Conditional ? flag.Triggers[0] : null;
        rate = trigger?.Inside.Value ?? flag.Rate.Value;
        background = Math.Min(trigger?.Outside.Value ?? 0, Assumed / 2);
        trial = new TriggerTrial(background);
        var prior = trigger is null && flag.Class is FlagClass.Intermittent ? StepSetPrior.WithoutTrigger(failing.Before.Count) : StepSetPrior.Of(failing.Before.Count, trigger is null ? [] : [.. flag.BestTriggers.Select(one => (failing.Suspects(one.Condition), Math.Pow(2, one.Bits - trigger.Bits)))]);
        search = new ReproducerSearch(failing.Before.Count, prior, rate, background, seed: 1);
    }

    /// <summary>Cycles recorded so far.</summary>
    public int Spent { get; private set; }

    /// <summary>Runs of the search, the last ones in a row, none of whose cycles passed or failed so: they end before they come to it, and nothing is learnt of them.</summary>
    public int Barren { get; private set; }

    /// <summary>How far the shortest so far is believed, 0 to 1.</summary>
    public double Belief => search.BestBelief;

    /// <summary>The reproducer, once it is proven; null before, and where nothing was seen failing within the budget.</summary>
    public Reproducer? Result { get; private set; }

    /// <summary>The shortest set of steps seen failing, or believed once the search is done; null before any.</summary>
    private Candidate? Found => (search.IsDone ? search.Best : search.SmallestFailing) is { } steps ? new Candidate(steps) : null;

    /// <summary>A fifth less than was seen, so that a lucky streak does not mislead.</summary>
    private double Assumed => 0.8 * rate;

    /// <summary>Experiments on conditions that no step brings about.</summary>
    public IReadOnlyList<ConfirmedCondition> Experiments => trial.Experiments;

    /// <summary>The next run; null when it is over.</summary>
    public ReductionRun? Next()
    {
        if (Result is not null)
            return Confirm(Result.Kept);
        if (!search.IsDone && Spent < budget - FewestProofCycles - Reserved)
            return Try(ReductionStage.Search, new Candidate(search.Next()));
        if (search.IsDone && Spent + SequentialTest.CyclesToReject(Assumed, background) <= budget - FewestProofCycles - Reserved && (simplification ??= Simplify(Found!)).Next() is { } simpler)
            return Try(ReductionStage.Simplify, simpler);
        if ((simplification?.Simplest ?? Found) is not { } found)
            return null;
        var proof = Math.Clamp(budget - Spent - Reserved, FewestProofCycles, ProofCycles);
        // Fresh cycles, each drawn to make the needed steps or to leave them out: says how often it fails, and that it is these steps.
        return new ReductionRun(ReductionStage.Proof, found, found.Steps == 0
            ? failing.ToSequence("proof", "How often does it fail?", found, switchesPower, proof)
            : failing.ToExperiment("proof", "Is it these steps?", found, switchesPower, proof), proof, Spent + 1);
    }

    /// <summary>What came of the run, on one board or several, each with the seed of its own.</summary>
    public ReductionOutcomes OutcomesOf(ReductionRun run, IReadOnlyList<(int Seed, IReadOnlyList<RunEvent> Events)> boardRuns)
    {
        var against = TriggerTrial.Against(flag.BestTriggers, boardRuns.SelectMany(one => one.Events), failing.Fingerprint);
        if (run.Stage is ReductionStage.Search or ReductionStage.Simplify || (run.Stage is ReductionStage.Proof && run.Candidate.Steps == 0))
            return ReductionOutcomes.None with { With = CycleOutcomes.Sum(boardRuns.Select(one => CycleOutcomes.Of(one.Events, failing.Fingerprint))), Against = against };
        var sequence = SequenceFile.Parse("proof", run.Text);
        var arms = ConditionArms.Parse(sequence);
        return new ReductionOutcomes(Where(true), Where(false)) { Against = against };

        CycleOutcomes Where(bool made) => CycleOutcomes.Sum(boardRuns.Select(one => CycleOutcomes.Of(
            one.Events, failing.Fingerprint, arms is null ? cycle => FailingCycle.MakesThem(sequence, one.Seed, cycle) == made : arms.CyclesOf(made, one.Seed))));
    }

    /// <summary>Learns from a run that <see cref="Next"/> asked for, now or before a restart.</summary>
    public void Record(ReductionRun run, ReductionOutcomes outcomes)
    {
        Spent += run.Cycles;
        trial.Note(outcomes.Against, run.Cycles);
        switch (run.Stage)
        {
            case ReductionStage.Search:
                Barren = outcomes.With.Counted == 0 ? Barren + 1 : 0;
                search.Record(run.Candidate.Steps, outcomes.With.Failures, outcomes.With.Counted);
                break;
            case ReductionStage.Simplify when Found is { } start:
                (simplification ??= Simplify(start)).Record(run.Candidate, outcomes.With.Failures, outcomes.With.Counted);
                break;
            case ReductionStage.Proof:
                var (with, without) = (Wilson.Rate(outcomes.With.Failures, outcomes.With.Counted), Wilson.Rate(outcomes.Without.Failures, outcomes.Without.Counted));
                Result = new Reproducer(run.Candidate, failing.Kept(run.Candidate).Count() + 1, search.IsDone ? search.BestBelief : null, with, without, TwoArms.Evidence(with.Failures, without.Failures), Spent);
                break;
            case ReductionStage.Confirm when ConditionArms.Parse(SequenceFile.Parse("confirm", run.Text)) is { } arms:
                trial.Note(arms, outcomes.With, outcomes.Without);
                break;
        }
    }

    public string Words(Candidate candidate) => failing.Words(candidate);

    /// <summary>What is kept of the budget for conditions that no step brings about.</summary>
    private int Reserved => Arms(new Candidate(0), ConfirmCycles).Any() ? Math.Min(ConfirmCycles, budget / 4) : 0;

    /// <summary>The first condition of which something is left to be learnt.</summary>
    private ReductionRun? Confirm(Candidate kept)
    {
        // Both arms of every two cycles on every board.
        var cycles = Math.Min(ConfirmCycles, budget - Spent) / (2 * boards) * 2 * boards;
        return cycles >= FewestProofCycles && Arms(kept, cycles).FirstOrDefault() is { } arms ? new ReductionRun(ReductionStage.Confirm, kept, arms.Text, cycles, Spent + 1) : null;
    }

    /// <summary>Experiments on what the best triggers name and no step brings about, as far as they are not decided.</summary>
    private IEnumerable<ConditionArms> Arms(Candidate kept, int cycles) =>
        from trigger in flag.BestTriggers
        where failing.Suspects(trigger.Condition) == 0 && !trial.IsRefuted(trigger.Condition)
        from condition in trigger.Condition.Split(Explanation.And)
        let arms = ConditionArms.Of(condition, trigger.Otherwise.GetValueOrDefault(condition, []), failing, kept, switchesPower, origin, cycles)
        where arms is not null && !trial.IsDecided(arms.Condition)
        select arms;

    private Simplification Simplify(Candidate start) => new(failing, start, Assumed, background);

    private ReductionRun Try(ReductionStage stage, Candidate candidate)
    {
        var cycles = Math.Clamp(Math.Max((int)Math.Round(0.5 / rate), boards), 1, budget - FewestProofCycles - Spent);
        return new ReductionRun(stage, candidate, failing.ToSequence("candidate", "Does it still fail?", candidate, switchesPower, cycles), cycles, Spent + 1);
    }

    /// <summary>The result as a sequence file.</summary>
    public string ToSequence(Reproducer found) => failing.ToSequence("reproducer", $"{flag.Fingerprint}: {found.Sentence}.", found.Kept, switchesPower, 40);

    /// <summary>
    /// What the experiments say of explanations that the data could not tell apart: one whose steps are all needed stands, one
    /// that points at a step which could be left out falls, and so does one without which it failed. Empty where there was only one, and no experiment on it.
    /// </summary>
    public IEnumerable<string> Discriminate(Reproducer found)
    {
        var rivals = flag.BestTriggers.Select(trigger => (Trigger: trigger, Steps: failing.Suspects(trigger.Condition))).ToList();
        var needed = found.Kept.Steps;
        var told = trial.Tell(found.Proof).ToList();
        return rivals.Count < 2 ? told : [.. rivals.Select(rival => trial.Refutation(rival.Trigger)
            ?? (rival.Steps == 0 ? $"{rival.Trigger.Sentence}: it names no step, so {(told.Count > 0 ? "the steps do not tell" : "this experiment does not tell")}"
            : (rival.Steps & ~needed) == 0 ? $"{rival.Trigger.Sentence}: stands, its steps are needed"
            : $"{rival.Trigger.Sentence}: falls, it fails without {Words(new Candidate(rival.Steps & ~needed))}")), .. told];
    }
}
