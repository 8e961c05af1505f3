using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>Which view of the flash contradicts which.</summary>
/// <param name="Code">One of <see cref="Disagreement"/>.</param>
/// <param name="Address">The first row in which it shows.</param>
public sealed record ViewDisagreement(string Code, uint Address, string InWords)
{
    /// <summary>The gravest one in the rows; null where all views agree.</summary>
    public static ViewDisagreement? Find(MemoryViews views)
    {
        if (views.Rows.FirstOrDefault(row => row.Core != row.Array) is { } stale)
            return new(Disagreement.CoreSeesOldData, stale.Address, $"at 0x{stale.Address:X8} the array holds {stale.Array} and the core loads {stale.Core}{(stale.Bootloader.Length == 0 ? "" : $"; the bootloader returns {stale.Bootloader}")}");
        return views.Rows.FirstOrDefault(row => row.Bootloader.Length > 0 && row.Bootloader != row.Array) is { } claimed
            ? new(Disagreement.ReadBackDiffers, claimed.Address, $"at 0x{claimed.Address:X8} array and core hold {claimed.Array} and the bootloader returns {claimed.Bootloader}")
            : null;
    }
}
