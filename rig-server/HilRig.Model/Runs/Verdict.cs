namespace HilRig.Model.Runs;

/// <summary>How something ended, in order of severity: a parent's verdict is the worst of its children.</summary>
public enum Verdict
{
    NotSet,
    Pass,

    /// <summary>Something went wrong and the witnesses do not say whose fault it was.</summary>
    Inconclusive,

    /// <summary>The board misbehaved.</summary>
    Fail,

    /// <summary>A person or a signal stopped it.</summary>
    Aborted,

    /// <summary>The rig misbehaved.</summary>
    Error,
}

/// <summary>Combining verdicts.</summary>
public static class Verdicts
{
    public static Verdict Worst(this Verdict one, Verdict other) => one > other ? one : other;
}
