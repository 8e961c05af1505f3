namespace HilRig.Server.Security;

/// <summary>What somebody may do; each may also do what those before may, but for the agent, who stands apart.</summary>
public enum Role
{
    /// <summary>May send the events of its own places, and fetch artifacts.</summary>
    Agent,

    /// <summary>May read.</summary>
    Viewer,

    /// <summary>May order and stop runs, pause places, write campaigns and schedules.</summary>
    Operator,

    /// <summary>May protect runs and sign off.</summary>
    Qa,

    /// <summary>May decide who may what.</summary>
    Admin,
}
