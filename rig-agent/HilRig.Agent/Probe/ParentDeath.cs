namespace HilRig.Agent.Probe;

/// <summary>Makes a child die with the agent, also when the agent is killed with SIGKILL while the child does not read its stdin.</summary>
public static class ParentDeath
{
    private static readonly string? Setpriv = OperatingSystem.IsLinux() ? SearchPath.Find("setpriv") : null;

    /// <summary>The command to run instead; unchanged where the system has no <c>setpriv</c> (util-linux).</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Wrap(string program, IReadOnlyList<string> arguments) =>
        Setpriv is null ? (program, arguments) : (Setpriv, ["--pdeathsig", "KILL", "--", program, .. arguments]);
}
