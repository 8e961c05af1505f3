namespace HilRig.Analysis.Triggers;

/// <summary>What kind of fact a condition is, and so what it may be blamed for.</summary>
public enum ConditionOrigin
{
    /// <summary>State of the board or parameter of the step: what a sequence can bring about.</summary>
    State,

    /// <summary>Time since something: often only a shadow of a state.</summary>
    Elapsed,

    /// <summary>Which sequence, which position in it.</summary>
    Script,

    /// <summary>Which board, agent or hour: a reason to look elsewhere, never a trigger.</summary>
    PlaceOrHour,
}

/// <summary>One condition over a list of trials: a bit a trial.</summary>
/// <param name="Subject">What it is about; two columns of one subject are never combined.</param>
/// <param name="Text">As printed: <c>upd_since_reset&gt;=1</c>.</param>
/// <param name="Penalty">Bits that it must earn on top of its rivals, as stranger explanations must.</param>
/// <param name="Held">The trials in which it held.</param>
public sealed record ConditionColumn(string Subject, string Text, ConditionOrigin Origin, double Penalty, TrialSet Held)
{
    /// <summary>In words.</summary>
    public string Sentence { get; init; } = Text;
}
