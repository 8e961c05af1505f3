namespace HilRig.Agent.Probe;

/// <summary>How one debug probe is reached and driven.</summary>
/// <param name="Uid">What pyOCD calls the probe: its serial number, or <c>remote:host:port</c>.</param>
/// <param name="Frequency">SWD clock as pyOCD writes it, for example <c>4m</c>.</param>
/// <param name="Target">pyOCD's target type; <c>cortex_m</c> needs no pack and is enough for everything here.</param>
/// <param name="Pack">Full path of a CMSIS pack that knows the target type; null for none.</param>
public sealed record ProbeSettings(string Uid, string Frequency = "4m", string Target = "cortex_m", string? Pack = null)
{
    public ProbeTimeouts Timeouts { get; init; } = new();
}

/// <summary>How long pyOCD may take. After a missed deadline its process is killed and never used again.</summary>
public sealed record ProbeTimeouts
{
    /// <summary>First answer, counted from the start of the process.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>One command that moves a few words.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A reset, with pyOCD's own polling (2 s each for S_RESET_ST and for a halt), and a connect to a debug port that lost power.</summary>
    public TimeSpan Reset { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A flash command; the slowest is a sector erase, 115 ms.</summary>
    public TimeSpan FlashCommand { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Erasing the whole part through the MDM-AP: several seconds at worst.</summary>
    public TimeSpan MassErase { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Moving that many bytes, at no less than the 8 KB/s of a 100 kHz SWD clock.</summary>
    public TimeSpan Transfer(long byteCount) => Command + TimeSpan.FromSeconds(byteCount / 8192.0);
}
