using System.Globalization;
using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Reproducers;

/// <summary>What fresh cycles say of explanations that the data could not tell apart: failures seen while one did not hold, and experiments on it.</summary>
/// <param name="background">Chance that a cycle fails so without any of them.</param>
internal sealed class TriggerTrial(double background)
{
    /// <summary>One failure without it may be another's.</summary>
    private const int Fewest = 2;

    /// <summary>Chance of calling the background a refutation.</summary>
    private const double Significance = 0.01;

    private readonly Dictionary<string, int> against = [];
    private int cycles;
    private readonly List<(ConditionArms Arms, CycleOutcomes With, CycleOutcomes Without)> experiments = [];

    /// <summary>Experiments so far.</summary>
    public IReadOnlyList<ConfirmedCondition> Experiments => [.. experiments.Select(one => new ConfirmedCondition(
        one.Arms.Condition, one.Arms.Otherwise,
        Wilson.Rate(one.With.Failures, one.With.Counted), Wilson.Rate(one.Without.Failures, one.Without.Counted),
        TwoArms.Evidence(one.With.Failures, one.Without.Failures)))];

    /// <summary>How many of the failures in these events happened while a trigger did not hold, as far as events tell; by the trigger's condition.</summary>
    public static IReadOnlyDictionary<string, int> Against(IEnumerable<Trigger> triggers, IEnumerable<RunEvent> events, Fingerprint fingerprint)
    {
        var failed = events.Select(runEvent => runEvent.Body).OfType<StepEnded>()
            .Where(step => step is { Phase: StepPhase.Steps, Failure: { } failure } && Fingerprint.Of(step.Step, failure).Key == fingerprint.Key).ToList();
        return triggers.ToDictionary(trigger => trigger.Condition, trigger => failed.Count(step => trigger.Condition.Split(Explanation.And).Any(one => Holds(one, trigger, step.Conditions) is false)));
    }

    /// <param name="of">The cycles that were made.</param>
    public void Note(IReadOnlyDictionary<string, int> failuresWithout, int of)
    {
        cycles += of;
        foreach (var (condition, failures) in failuresWithout)
            against[condition] = against.GetValueOrDefault(condition) + failures;
    }

    public void Note(ConditionArms arms, CycleOutcomes with, CycleOutcomes without)
    {
        var index = experiments.FindIndex(one => one.Arms.Condition == arms.Condition);
        if (index < 0)
            experiments.Add((arms, with, without));
        else
            experiments[index] = (arms, CycleOutcomes.Sum([experiments[index].With, with]), CycleOutcomes.Sum([experiments[index].Without, without]));
    }

    public bool IsRefuted(string condition) => IsBeyondBackground(against.GetValueOrDefault(condition), cycles);

    /// <summary>Nothing more is to be learnt of it: confirmed, or failing as well without it.</summary>
    public bool IsDecided(string condition) => experiments.Find(one => one.Arms.Condition == condition) is { Arms: not null } known
        && (TwoArms.Evidence(known.With.Failures, known.Without.Failures) >= TwoArms.Confirmed || IsBeyondBackground(known.Without.Failures, known.Without.Counted));

    /// <summary>One line for each experiment.</summary>
    public IEnumerable<string> Tell(Rate proof)
    {
        foreach (var known in Experiments)
        {
            var arms = $"{known.With.Failures} of {known.With.Trials} with it, {known.Without.Failures} of {known.Without.Trials} with {known.Otherwise}, drawn cycle by cycle";
            yield return $"{known.Condition}: " + (
                known.Evidence >= TwoArms.Confirmed ? $"stands, {arms}: confirmed at 95 % (e = {known.Evidence:0.#}, {TwoArms.Confirmed} needed)"
                : IsBeyondBackground(known.Without.Failures, known.Without.Trials) ? $"falls, {arms}"
                : known.With.Failures == 0 && Absence.Of(known.With.Trials, proof.Failures, proof.Trials).IsProven ? $"falls, {arms}: what was put in its place is not what fails"
                : $"not told yet, {arms} (e = {known.Evidence:0.#} of {TwoArms.Confirmed})");
        }
    }

    /// <summary>What cycles without it said; null where nothing.</summary>
    public string? Refutation(Trigger trigger) => IsRefuted(trigger.Condition) ? $"{trigger.Sentence}: falls, it failed {against[trigger.Condition]} times while that did not hold" : null;

    private bool IsBeyondBackground(int failures, int of) =>
        failures >= Fewest && (background == 0 || IncompleteBeta.Regularized(failures, Math.Max(of, failures) - failures + 1, background) <= Significance);

    /// <summary>Null where events do not tell, and for a value that the search made simpler: it is between the two that are to be told apart.</summary>
    private static bool? Holds(string condition, Trigger trigger, IReadOnlyDictionary<string, string> conditions)
    {
        var isBound = condition.Contains(">=", StringComparison.Ordinal);
        var (name, value) = isBound && condition.Split(">=") is [var counted, var bound] ? (counted, bound) : condition.Split('=', 2) is [var named, var text] ? (named, text) : (condition, "");
        if (!conditions.TryGetValue(name, out var actual) || actual == "unknown")
            return null;
        if (!isBound)
            return actual == value ? true : trigger.Otherwise.TryGetValue(condition, out var others) && !others.Contains(actual) ? null : false;
        return int.TryParse(actual, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var least) ? count >= least : null;
    }
}
