using System.Globalization;
using System.Text;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Analysis.Reproducers;

/// <summary>What a board was made to do until a step failed: what a reproducer is cut out of.</summary>
/// <param name="Before">Oldest first, at most <see cref="StepSetPrior.MostSteps"/>.</param>
/// <param name="Failing">The step that failed; last of every candidate.</param>
public sealed record FailingCycle(string BoardType, Fingerprint Fingerprint, IReadOnlyList<ExecutedStep> Before, ExecutedStep Failing)
{
    /// <summary>More steps than these cost more runs than they are worth: a cause further back is rare.</summary>
    private const int Longest = 20;

    /// <summary>What updates wrote; null where no step before told.</summary>
    public CycleImage? Image { get; init; }

    /// <summary>Values of the sequence's parameters in the cycle, by name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The values that may be simplified, with what they may be instead.</summary>
    public IReadOnlyList<ValueLadder> Values =>
    [
        .. Image?.Size is { } bytes && ValueLadder.OfImageSize(bytes) is { } size ? [size] : Array.Empty<ValueLadder>(),
        .. Before.Append(Failing).SelectMany((step, index) => step.Values.Select(argument => ValueLadder.Of(index, argument.Name, argument.Value))).OfType<ValueLadder>(),
    ];

    /// <summary>The first failure of this fingerprint in the runs that <paramref name="events"/> tell; null where there is none.</summary>
    public static FailingCycle? Find(IReadOnlyList<RunEvent> events, Fingerprint fingerprint)
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
            {
                return new FailingCycle(boardType, fingerprint, [.. before.TakeLast(Longest)], new ExecutedStep(step.Step, step.Arguments))
                {
                    Image = step.Conditions.GetValueOrDefault(ConditionVocabulary.Image) is { } image and not "none" ? new CycleImage(image, BytesOf(image, events)) : null,
                    Parameters = step.Conditions.Where(condition => condition.Key.StartsWith(ConditionVocabulary.OfParameter(""), StringComparison.Ordinal))
                        .ToDictionary(condition => condition.Key[ConditionVocabulary.OfParameter("").Length..], condition => condition.Value),
                };
            }
            before.Add(new ExecutedStep(step.Step, step.Arguments));
        }
        return null;
    }

    /// <summary>The steps that a trigger points at, as far as its condition names any; 0 where it does not.</summary>
    public ulong Suspects(string condition) => new TriggerSteps(this).Of(condition);

    /// <summary>The steps of a candidate before the failing one, with its values.</summary>
    public IEnumerable<ExecutedStep> Kept(Candidate candidate) =>
        Before.Select((step, index) => WithValues(candidate, index, step)).Where((_, index) => (candidate.Steps >> index & 1) != 0);

    /// <summary>The failing step with the candidate's values.</summary>
    public ExecutedStep Last(Candidate candidate) => WithValues(candidate, Before.Count, Failing);

    /// <summary>A candidate in words: its steps before the failing one, and what was simplified about the image.</summary>
    public string Words(Candidate candidate) => StepsOf(candidate) + ImageOf(candidate);

    /// <summary>The same with the failing step at its end.</summary>
    public string WholeWords(Candidate candidate) => $"{StepsOf(candidate)}, {Last(candidate)}{ImageOf(candidate)}";

    /// <summary>
    /// The sequence that tries a candidate: every cycle begins with power off and blank flash, so that nothing is left of the
    /// cycle before.
    /// </summary>
    public string ToSequence(string name, string question, Candidate candidate, bool switchesPower, int cycles)
    {
        var text = CleanStart(name, question, candidate, switchesPower, cycles);
        text.Append("  # What is needed, and the step that fails.\n");
        foreach (var step in Kept(candidate).Append(Last(candidate)))
            text.Append(CultureInfo.InvariantCulture, $"  - {step}\n");
        return text.ToString();
    }

    /// <summary>
    /// The experiment that confirms what is needed: each cycle draws whether those steps are made or left out before the
    /// failing one. The first branch has them.
    /// </summary>
    public string ToExperiment(string name, string question, Candidate needed, bool switchesPower, int cycles)
    {
        var text = CleanStart(name, question, needed, switchesPower, cycles);
        text.Append(CultureInfo.InvariantCulture, $"  - choose:\n      - [{string.Join(", ", Kept(needed))}]\n      - {{weight: 1, steps: []}}\n  - {Last(needed)}\n");
        return text.ToString();
    }

    /// <summary>Whether a cycle of the experiment makes the needed steps.</summary>
    public static bool MakesThem(Sequence experiment, long seed, int cycle)
    {
        var (walk, steps) = (CycleWalk.Of(experiment.Steps, seed, cycle), 0);
        var passed = new StepEnded(cycle, 0, StepPhase.Steps, "", "", Verdict.Pass, Layer.None, null, 0, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []);
        for (var call = walk.Next(null); call is not null; call = walk.Next(passed))
            steps++;
        return steps > experiment.Steps.Count(node => node is not Choose);
    }

    private ExecutedStep WithValues(Candidate candidate, int step, ExecutedStep made) => Values.Index()
        .Where(value => value.Item.Step == step && candidate.RungOf(value.Index) > 0)
        .Aggregate(made, (simpler, value) => simpler.With(value.Item.Name, value.Item.Rungs[candidate.RungOf(value.Index)]));

    private string StepsOf(Candidate candidate) => candidate.Steps == 0 ? "nothing before it" : string.Join(", ", Kept(candidate));

    private string ImageOf(Candidate candidate) => SizeOf(candidate) is { } bytes ? $", with an image of {bytes} bytes" : "";

    /// <summary>The image's size where it was simplified; null where it is as it was.</summary>
    private string? SizeOf(Candidate candidate) => Values is [{ Step: ValueLadder.OfImage } size, ..] && candidate.RungOf(0) is > 0 and var rung ? size.Rungs[rung] : null;

    private static int? BytesOf(string image, IEnumerable<RunEvent> events) => events
        .Select(runEvent => runEvent.Body).OfType<StepEnded>()
        .Where(step => step.Step == "update" && step.Conditions.GetValueOrDefault(ConditionVocabulary.Image) == image && step.Measurements.ContainsKey("bytes"))
        .Select(step => (int?)step.Measurements["bytes"]).FirstOrDefault();

    /// <summary>Whether a sequence of <see cref="ToSequence"/> begins its cycles by power.</summary>
    public static bool SwitchesPower(string sequence) => sequence.Contains(CleanBy(switchesPower: true).ToString(), StringComparison.Ordinal);

    private static ExecutedStep CleanBy(bool switchesPower) => new("reset", switchesPower ? "by=power" : "by=probe");

    private StringBuilder CleanStart(string name, string question, Candidate candidate, bool switchesPower, int cycles)
    {
        var reset = CleanBy(switchesPower);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"sequence: {name}\nquestion: \"{question}\"\nboard: {BoardType}\ncycles: {cycles}\n{Image?.Line(SizeOf(candidate))}steps:\n  # A clean board, whatever came before.\n");
        foreach (var step in new[] { reset, new ExecutedStep("erase-all", ""), reset })
            text.Append(CultureInfo.InvariantCulture, $"  - {step}\n");
        return text;
    }
}
