using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>How often a sign-off's runs exercised a condition that a fault may need: for each the bound is 3/n of its own.</summary>
/// <param name="Condition"><c>update then erase-all</c> (with no reset between them), or <c>baud=115200</c>.</param>
/// <param name="Trials">Executed steps that met it.</param>
public sealed record Exposure(string Condition, long Trials)
{
    /// <summary>Steps after which nothing of what came before is in the core any more.</summary>
    private const string Reset = "reset";

    /// <summary>Trials that exclude the limit by themselves, when none fails: about 3/p at 95 %.</summary>
    public static long Needed(SignOffPlan plan) => ZeroFailurePlan.Cycles(plan.Limit, plan.Confidence);

    /// <summary>Every ordered pair of the kinds of steps that occur, met or not, and every value of a parameter, image, baud or recipe; least exercised first.</summary>
    public static IReadOnlyList<Exposure> Of(IEnumerable<RunEvent> events)
    {
        var pairs = new Dictionary<(string, string), long>();
        var values = new Dictionary<string, long>();
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        var since = new HashSet<string>();
        foreach (var body in events.Select(runEvent => runEvent.Body))
        {
            if (body is RunStarted)
                since.Clear();
            if (body is not StepEnded step || step.Phase is StepPhase.Recovery || step.Verdict is Verdict.Aborted or Verdict.Error)
                continue;
            if (step.Phase is StepPhase.Steps)
            {
                kinds.Add(step.Step);
                foreach (var earlier in since)
                    pairs[(earlier, step.Step)] = pairs.GetValueOrDefault((earlier, step.Step)) + 1;
                foreach (var (name, value) in step.Conditions.Where(condition => IsParameter(condition.Key)))
                    values[$"{name}={value}"] = values.GetValueOrDefault($"{name}={value}") + 1;
            }
            if (step.Step == Reset)
                since.Clear();
            since.Add(step.Step);
        }
        return
        [
            .. kinds.SelectMany(first => kinds.Select(second => new Exposure($"{first} then {second}", pairs.GetValueOrDefault((first, second)))))
                .Concat(values.Select(value => new Exposure(value.Key, value.Value)))
                .OrderBy(exposure => exposure.Trials).ThenBy(exposure => exposure.Condition, StringComparer.Ordinal),
        ];
    }

    private static bool IsParameter(string condition) =>
        condition is ConditionVocabulary.Image or ConditionVocabulary.Baud or ConditionVocabulary.Recipe || condition.StartsWith(ConditionVocabulary.OfParameter(""), StringComparison.Ordinal);
}
