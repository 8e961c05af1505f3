namespace HilRig.Agent.Running;

/// <summary>What an agent keeps on disk, all below one folder (<c>--data</c>).</summary>
public sealed record StateFolder(string Path)
{
    /// <summary><c>$XDG_STATE_HOME/hilrig</c> or <c>~/.local/state/hilrig</c>.</summary>
    public static string Default
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return string.IsNullOrEmpty(state)
                ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "hilrig")
                : System.IO.Path.Combine(state, "hilrig");
        }
    }

    /// <summary>Room in bytes that runs leave on its disk.</summary>
    public long KeepFree { get; init; } = Policies.KeepFree;

    /// <summary>Journals.</summary>
    public string Runs => System.IO.Path.Combine(Path, "runs");

    /// <summary>Images from a server.</summary>
    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    /// <summary>What was captured at failures.</summary>
    public string Evidence => System.IO.Path.Combine(Path, "evidence");

    /// <summary>Health checks: their journals and when they are due.</summary>
    public string Health => System.IO.Path.Combine(Path, "health");

    /// <summary>Markers of places whose board did not come back.</summary>
    public string Wedged => System.IO.Path.Combine(Path, "wedged");
}
