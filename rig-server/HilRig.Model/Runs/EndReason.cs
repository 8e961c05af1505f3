namespace HilRig.Model.Runs;

/// <summary>Why a run ended: a second axis beside its verdict.</summary>
public enum EndReason
{
    Completed,

    /// <summary>A person or a signal stopped it.</summary>
    Aborted,

    /// <summary>The agent died; what it had on disk is kept.</summary>
    AgentLost,

    /// <summary>The rig could not go on: device, probe or supply gone.</summary>
    RigLost,

    /// <summary>
    /// The board did not come back, though the rig did all it can: its place is marked until somebody proves it.
    /// Or it came back only with its place's known-good release, which is not the one under test.
    /// </summary>
    BoardWedged,

    /// <summary>The agent could no longer write its journal.</summary>
    DiskFull,

    /// <summary>The run never started: its sequence, image or place was refused.</summary>
    Refused,
}
