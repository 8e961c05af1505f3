using System.Globalization;
using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>Every condition that the analysis of a history may blame: one entry each.</summary>
internal static class HistoryVocabulary
{
    private static readonly int[] Cycles = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20];
    private static readonly int[] Seconds = [5, 10, 20, 30, 60, 120, 300, 600];

    private static readonly IReadOnlyList<Entry> Entries =
    [
        Count("upd_since_reset", "{0} or more updates since the last reset", trial => trial.Row.UpdatesSinceReset, [1, 2, 3, 4]),
        Zero("upd_since_reset", "no update since the last reset", trial => trial.Row.UpdatesSinceReset),
        Count("upd_since_power", "{0} or more updates since power was off", trial => trial.Before.UpdatesSincePower, [1, 2, 3, 4, 6, 8]),
        Value("prev_step", "the step before was {0}", trial => trial.Before.PreviousStep),
        Value("prev2_step", "the step before the last was {0}", trial => trial.Before.PreviousStep2),
        Value("prev_cycle", "the cycle before ended in {0}", trial => trial.Before.PreviousCycle),
        Value("last_reset", "the last reset was by {0}", trial => trial.Row.LastReset),
        Count("erase_all_since_update", "{0} or more erases of everything since the last update", trial => trial.Before.ErasesAllSinceUpdate, [1]),
        Count("erase_region_since_update", "{0} or more erases of a region since the last update", trial => trial.Before.ErasesRegionSinceUpdate, [1]),
        Count("verify_since_update", "{0} or more read-backs since the last update", trial => trial.Before.VerifiesSinceUpdate, [1]),
        Count("reconnect_since_reset", "{0} or more new connections since the last reset", trial => trial.Before.ReconnectsSinceReset, [1]),
        Count("cycles_since_power", "{0} or more cycles since power was off", trial => trial.Row.CyclesSincePower, Cycles),
        Value("same_image", "the same image as before: {0} (1 is yes, 0 is no)", trial => trial.Row.SameImage),
        Value("image", "the image was {0}", trial => trial.Row.Image),
        Observed("size_kb", "the image had {0} KB or more", trial => trial.Row.Size),
        Value("baud", "the line ran at {0} baud", trial => trial.Row.Baud),
        Count("t_since_reset_s", "{0} s or more since the last reset", trial => trial.Row.SecondsSinceReset, Seconds) with { Origin = ConditionOrigin.Elapsed, Penalty = 1 },
        Count("t_since_power_s", "{0} s or more since power was off", trial => trial.Before.SecondsSincePower, Seconds) with { Origin = ConditionOrigin.Elapsed, Penalty = 1 },
        Value("seq", "the sequence was {0}", trial => trial.Row.Sequence) with { Origin = ConditionOrigin.Script, Penalty = 1 },
        Observed("step_idx", "the step stood at place {0} of its sequence or later", trial => trial.Row.StepIndex) with { Origin = ConditionOrigin.Script, Penalty = 1 },
        Value("agent", "the agent was {0}", trial => trial.Row.Agent) with { Origin = ConditionOrigin.PlaceOrHour, Penalty = 1 },
        Value("board", "the board was {0}", trial => trial.Row.Board) with { Origin = ConditionOrigin.PlaceOrHour, Penalty = 1 },
        Observed("hour", "hour {0} of the history or later", trial => Math.Floor(trial.Row.Time / 3600)) with { Origin = ConditionOrigin.PlaceOrHour, Penalty = 1 },
    ];

    /// <summary>The conditions of these trials, one for each value or bound that occurs.</summary>
    public static IEnumerable<HistoryCondition> Conditions(IReadOnlyList<Trial> trials) => Entries.SelectMany(entry => entry.Conditions(trials, entry));

    /// <summary>The same as columns over all of the trials.</summary>
    public static IReadOnlyList<ConditionColumn> Columns(IReadOnlyList<Trial> trials) => [.. Conditions(trials).Select(condition => condition.Column(trials))];

    /// <summary>A condition, as printed, in words; one that the vocabulary does not know as it is.</summary>
    public static string InWords(string condition)
    {
        var at = condition.IndexOfAny(['>', '=']);
        if (at < 0)
            return condition;
        var (name, value) = (condition[..at], condition[at..].TrimStart('>', '='));
        // Zero stands apart: it is the one count that is no lower bound.
        var entry = Entries.FirstOrDefault(entry => entry.Name == name && condition[at] == '>' == entry.IsBound) ?? Entries.FirstOrDefault(entry => entry.Name == name);
        return entry is null ? condition : string.Format(CultureInfo.InvariantCulture, entry.Sentence, value);
    }

    /// <summary>How many of the trials all these conditions, as printed, hold in.</summary>
    public static int CountHolding(IReadOnlyList<Trial> trials, IReadOnlyList<string> conditions)
    {
        var columns = Columns(trials);
        var held = conditions.Select(condition => columns.FirstOrDefault(column => column.Text == condition)?.Held).ToList();
        return held.Contains(null) ? 0 : held[0]!.Count(TrialBits.Where(trials.Count, _ => true), held[^1]!);
    }

    /// <summary>Each value for itself: <c>name=value</c>.</summary>
    private static Entry Value(string name, string sentence, Func<Trial, string> value) => new(name, sentence, (trials, entry) =>
        trials.Select(value).Where(text => text.Length > 0).Distinct().Order(StringComparer.Ordinal)
            .Select(text => entry.Condition($"{name}={text}", trial => value(trial) == text)));

    /// <summary>From each of these bounds upwards: <c>name&gt;=bound</c>.</summary>
    private static Entry Count(string name, string sentence, Func<Trial, double> value, IReadOnlyList<int> bounds) => new(name, sentence, (trials, entry) =>
        bounds.Select(bound => entry.Condition($"{name}>={bound}", trial => value(trial) >= bound))) { IsBound = true };

    /// <summary>None at all, which no lower bound can say: <c>name=0</c>.</summary>
    private static Entry Zero(string name, string sentence, Func<Trial, double> value) => new(name, sentence, (trials, entry) =>
        [entry.Condition($"{name}=0", trial => value(trial) == 0)]) { Penalty = 0.5 };

    /// <summary>From each value that occurs upwards, at most 24 of them.</summary>
    private static Entry Observed(string name, string sentence, Func<Trial, double> value) => new(name, sentence, (trials, entry) =>
        trials.Select(value).Distinct().Order().Skip(1).Take(24)
            .Select(bound => entry.Condition($"{name}>={bound}", trial => value(trial) >= bound))) { IsBound = true };

    /// <param name="Sentence">In words; <c>{0}</c> stands for the value or the bound.</param>
    private sealed record Entry(string Name, string Sentence, Func<IReadOnlyList<Trial>, Entry, IEnumerable<HistoryCondition>> Conditions)
    {
        public ConditionOrigin Origin { get; init; } = ConditionOrigin.State;

        public double Penalty { get; init; }

        /// <summary>It holds from a value upwards.</summary>
        public bool IsBound { get; init; }

        public HistoryCondition Condition(string text, Func<Trial, bool> holds) => new(Name, text, Origin, Penalty, holds);
    }
}
