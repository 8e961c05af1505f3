namespace HilRig.Tests.Agent.Bootloader;

/// <summary>How far tests go that can go on for ever.</summary>
public static class Campaign
{
    /// <summary>Set by <c>HILRIG_FULL=1</c>: every case instead of a sample.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("HILRIG_FULL") == "1";
}
