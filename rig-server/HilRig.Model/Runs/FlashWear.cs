using System.Collections.Frozen;

namespace HilRig.Model.Runs;

/// <summary>Which steps wear a board's flash: each erases sectors, which is what they bear only so often.</summary>
public static class FlashWear
{
    private static readonly FrozenSet<string> Erasing = FrozenSet.Create(
        StringComparer.Ordinal, "erase-all", "erase-all-unsecure", "erase-region", "install-release", "mass-erase", "receive-sb-file", "reliable-update", "update");

    public static bool IsErasing(string step) => Erasing.Contains(step);
}
