namespace HilRig.Agent.Running;

/// <summary>Where an agent keeps journals unless it is told otherwise: <c>$XDG_STATE_HOME/hilrig</c> or <c>~/.local/state/hilrig</c>.</summary>
public static class StateFolder
{
    public static string Default
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return string.IsNullOrEmpty(state)
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "hilrig")
                : Path.Combine(state, "hilrig");
        }
    }
}
