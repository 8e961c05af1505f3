using System.Collections;
using HilRig.Agent.Images;

namespace HilRig.Agent.Places;

/// <summary>Which flash the steps of a run erased and did not write since: what a write of the sequence's own may go to.</summary>
public sealed class ErasedFlash(FlashMap map)
{
    private readonly BitArray units = new((int)(map.Flash.Size / map.WriteAlignment));

    /// <summary>Every sector that the range touches.</summary>
    public void Erased(AddressRange range) => Set(range.Outwards(map.SectorSize), isErased: true);

    public void Written(AddressRange range) => Set(range.Outwards(map.WriteAlignment), isErased: false);

    public bool Holds(AddressRange range) => map.Flash.Contains(range) && Units(range.Outwards(map.WriteAlignment)).All(unit => units[unit]);

    private void Set(AddressRange range, bool isErased)
    {
        foreach (var unit in Units(range))
            units[unit] = isErased;
    }

    private IEnumerable<int> Units(AddressRange range)
    {
        var (first, end) = (Math.Max(range.Start, map.Flash.Start), Math.Min(range.End, map.Flash.End));
        for (ulong at = first; at < end; at += map.WriteAlignment)
            yield return (int)((at - map.Flash.Start) / map.WriteAlignment);
    }
}
