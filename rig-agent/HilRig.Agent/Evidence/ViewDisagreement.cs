using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>Which view of the flash contradicts which.</summary>
/// <param name="Code">Part of the fingerprint.</param>
public sealed record ViewDisagreement(string Code, string InWords)
{
    /// <summary>The core's loads return something else than the array holds: a stale cache line.</summary>
    public const string CoreSeesOldData = "core-sees-old-data";

    /// <summary>Array and core agree; the bootloader's read-memory returns something else.</summary>
    public const string ReadBackDiffers = "read-back-differs";

    /// <summary>The gravest one in the rows; null where all views agree.</summary>
    public static ViewDisagreement? Find(MemoryViews views)
    {
        if (views.Rows.FirstOrDefault(row => row.Core != row.Array) is { } stale)
            return new(CoreSeesOldData, $"at 0x{stale.Address:X8} the array holds {stale.Array} and the core loads {stale.Core}{(stale.Bootloader.Length == 0 ? "" : $"; the bootloader returns {stale.Bootloader}")}");
        return views.Rows.FirstOrDefault(row => row.Bootloader.Length > 0 && row.Bootloader != row.Array) is { } claimed
            ? new(ReadBackDiffers, $"at 0x{claimed.Address:X8} array and core hold {claimed.Array} and the bootloader returns {claimed.Bootloader}")
            : null;
    }
}
