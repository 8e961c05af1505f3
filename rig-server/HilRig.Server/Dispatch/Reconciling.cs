namespace HilRig.Server.Dispatch;

/// <summary>What the store believes of a place when its agent arrives.</summary>
public enum StoredState
{
    /// <summary>Nobody holds it.</summary>
    Free,

    /// <summary>A run holds it that has sent no event.</summary>
    Ordered,

    /// <summary>As <see cref="Ordered"/>, and it shall stop.</summary>
    OrderedToStop,

    /// <summary>A run holds it that has sent events.</summary>
    Running,

    /// <summary>As <see cref="Running"/>, and it shall stop.</summary>
    RunningToStop,
}

/// <summary>What the agent says of the same place.</summary>
public enum ReportedState
{
    /// <summary>It holds none of the runs in question.</summary>
    Nothing,

    /// <summary>It holds the run that holds the place.</summary>
    Holder,

    /// <summary>It holds a run that was given up, whose place nobody got since.</summary>
    GivenUp,
}

/// <summary>The one thing to do about a pair; done twice it changes nothing more.</summary>
public enum Settlement
{
    /// <summary>Give the place its next run.</summary>
    Fill,

    /// <summary>It goes on.</summary>
    Leave,

    /// <summary>Give the place back to the run that was given up.</summary>
    Revive,

    /// <summary>Hand the order over again: it may never have arrived.</summary>
    HandOver,

    /// <summary>Ask the agent to stop the run.</summary>
    AskToStop,

    /// <summary>Nothing will come of the order any more: cancelled, then fill.</summary>
    Cancel,

    /// <summary>The run is lost, then fill.</summary>
    GiveUp,
}

/// <summary>The table.</summary>
public static class Reconciling
{
    public static Settlement Of(StoredState stored, ReportedState reported) => (stored, reported) switch
    {
        (StoredState.Free, ReportedState.GivenUp) => Settlement.Revive,
        (StoredState.Free, _) => Settlement.Fill,
        (StoredState.OrderedToStop or StoredState.RunningToStop, ReportedState.Holder) => Settlement.AskToStop,
        (_, ReportedState.Holder) => Settlement.Leave,
        (StoredState.Ordered, _) => Settlement.HandOver,
        (StoredState.OrderedToStop, _) => Settlement.Cancel,
        _ => Settlement.GiveUp,
    };
}
