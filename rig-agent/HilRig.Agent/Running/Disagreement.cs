namespace HilRig.Agent.Running;

/// <summary>Codes of failures in which one view contradicts another: each is a finding of its own, whatever the status was.</summary>
public static class Disagreement
{
    /// <summary>An update said OK; the array holds something else than the image.</summary>
    public const string SaidOkWroteWrong = "said-ok-wrote-wrong";

    /// <summary>An erase said OK; the array is not blank.</summary>
    public const string SaidErasedDidNot = "said-erased-did-not";

    /// <summary>A write or erase said it failed; the array holds just what it was to leave, and the flash controller reports no error.</summary>
    public const string SaidFailedWroteRight = "said-failed-wrote-right";

    /// <summary>The array is right; the bootloader's read-memory returns something else.</summary>
    public const string ReadBackDiffers = "read-back-differs";

    /// <summary>The array is right; the core's loads return something else, from a cache line that nobody invalidated.</summary>
    public const string CoreSeesOldData = "core-sees-old-data";

    /// <summary>The chip's flash configuration field changed, which no step may do.</summary>
    public const string ConfigurationAltered = "config-altered";

    /// <summary>The reset command said OK; SWD saw no reset.</summary>
    public const string SaidResetDidNot = "said-reset-did-not";
}
