using System.Globalization;
using System.Text;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Analysis.Reproducers;

/// <summary>A step as it was executed.</summary>
/// <param name="Arguments">As events tell them: <c>by=power</c>, several separated by a space.</param>
public sealed record ExecutedStep(string Name, string Arguments)
{
    /// <summary>As a line of a sequence file.</summary>
    public override string ToString() =>
        Arguments.Length == 0 ? Name : $"{Name}: {{{string.Join(", ", Arguments.Split(' ').Select(argument => argument.Replace("=", ": ", StringComparison.Ordinal)))}}}";
}

/// <summary>What a board was made to do until a step failed: what a reproducer is cut out of.</summary>
/// <param name="Before">Oldest first, at most <see cref="StepSetPrior.MostSteps"/>.</param>
/// <param name="Failing">The step that failed; last of every candidate.</param>
public sealed record FailingCycle(string BoardType, Fingerprint Fingerprint, IReadOnlyList<ExecutedStep> Before, ExecutedStep Failing)
{
    /// <summary>More steps than these cost more runs than they are worth: a cause further back is rare.</summary>
    private const int Longest = 20;

    /// <summary>The failure of this fingerprint with the fewest steps before it, in the run that <paramref name="events"/> tell; null where there is none.</summary>
    public static FailingCycle? Find(IEnumerable<RunEvent> events, Fingerprint fingerprint)
    {
        var before = new List<ExecutedStep>();
        var boardType = "";
        foreach (var body in events.Select(runEvent => runEvent.Body))
        {
            if (body is RunStarted started)
            {
                boardType = started.BoardType;
                before.Clear();
            }
            if (body is not StepEnded step || step.Step == "resynchronise")
                continue;
            if (step is { Phase: StepPhase.Steps, Failure: { } failure } && Fingerprint.Of(step.Step, failure).Key == fingerprint.Key)
                return new FailingCycle(boardType, fingerprint, [.. before.TakeLast(Longest)], new ExecutedStep(step.Step, step.Arguments));
            before.Add(new ExecutedStep(step.Step, step.Arguments));
        }
        return null;
    }

    /// <summary>The steps of a candidate before the failing one.</summary>
    /// <param name="kept">A bit a step of <see cref="Before"/>.</param>
    public IEnumerable<ExecutedStep> Kept(ulong kept) => Before.Where((_, index) => (kept >> index & 1) != 0);

    /// <summary>
    /// The sequence that tries a candidate: every cycle begins with power off and blank flash, so that nothing is left of the
    /// cycle before.
    /// </summary>
    public string ToSequence(string name, string question, ulong kept, bool switchesPower, int cycles)
    {
        var text = CleanStart(name, question, switchesPower, cycles);
        text.Append("  # What is needed, and the step that fails.\n");
        foreach (var step in Kept(kept).Append(Failing))
            text.Append(CultureInfo.InvariantCulture, $"  - {step}\n");
        return text.ToString();
    }

    /// <summary>
    /// The experiment that confirms what is needed: each cycle draws whether those steps are made or left out before the
    /// failing one. The first branch has them.
    /// </summary>
    public string ToExperiment(string name, string question, ulong needed, bool switchesPower, int cycles)
    {
        var text = CleanStart(name, question, switchesPower, cycles);
        text.Append(CultureInfo.InvariantCulture, $"  - choose:\n      - [{string.Join(", ", Kept(needed))}]\n      - {{weight: 1, steps: []}}\n  - {Failing}\n");
        return text.ToString();
    }

    /// <summary>Whether a cycle of the experiment makes the needed steps.</summary>
    public static bool MakesThem(Sequence experiment, long seed, int cycle)
    {
        var (walk, steps) = (CycleWalk.Of(experiment.Steps, seed, cycle), 0);
        var passed = new StepEnded(cycle, 0, StepPhase.Steps, "", "", Verdict.Pass, Layer.None, null, 0, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []);
        for (var call = walk.Next(null); call is not null; call = walk.Next(passed))
            steps++;
        return steps > experiment.Steps.OfType<StepCall>().Count();
    }

    private StringBuilder CleanStart(string name, string question, bool switchesPower, int cycles)
    {
        var reset = new ExecutedStep("reset", switchesPower ? "by=power" : "by=probe");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"sequence: {name}\nquestion: \"{question}\"\nboard: {BoardType}\ncycles: {cycles}\nsteps:\n  # A clean board, whatever came before.\n");
        foreach (var step in new[] { reset, new ExecutedStep("erase-all", ""), reset })
            text.Append(CultureInfo.InvariantCulture, $"  - {step}\n");
        return text;
    }

    /// <summary>The steps that a trigger points at, as far as its condition names any; 0 where it does not.</summary>
    public ulong Suspects(string condition) => condition.Split(Triggers.Explanation.And).Aggregate(0UL, (steps, one) => steps | SuspectsOfOne(one));

    private ulong SuspectsOfOne(string condition)
    {
        var (name, value) = condition.Split(">=") is [var counted, var bound] ? (counted, bound) : condition.Split('=', 2) is [var named, var text] ? (named, text) : (condition, "");
        return name switch
        {
            // It was there when the bootloader started: an update, and the reset after it.
            ConditionVocabulary.AppAtBoot when value == "application" && Last("reset") is { } reset && Last("update", reset) is { } update => 1UL << reset | 1UL << update,
            ConditionVocabulary.AppNow when value == "application" && Last("update") is { } update => 1UL << update,
            ConditionVocabulary.AppNow when value == "blank" && Last("erase") is { } erase => 1UL << erase,
            ConditionVocabulary.LastReset when Last("reset") is { } reset => 1UL << reset,
            ConditionVocabulary.UpdatesSinceReset => LastOf("update", value),
            ConditionVocabulary.ErasesSinceReset => LastOf("erase", value),
            ConditionVocabulary.PreviousStep when Before.Count > 0 && Before[^1].Name == value => 1UL << (Before.Count - 1),
            _ => 0,
        };
    }

    private ulong LastOf(string name, string count)
    {
        var (steps, before) = (0UL, Before.Count);
        for (var left = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) ? bound : 1; left > 0 && Last(name, before) is { } index; left--)
            (steps, before) = (steps | 1UL << index, index);
        return steps;
    }

    private int? Last(string name, int before = int.MaxValue)
    {
        for (var index = Math.Min(before, Before.Count) - 1; index >= 0; index--)
        {
            if (Before[index].Name.StartsWith(name, StringComparison.Ordinal))
                return index;
        }
        return null;
    }
}
