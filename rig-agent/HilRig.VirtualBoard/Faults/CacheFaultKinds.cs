using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Faults;

/// <summary>Faults of the caches and the flash controller's buffers.</summary>
internal static class CacheFaultKinds
{
    public static IEnumerable<FaultKind> All =>
    [
        new("dcache-on", "F1 F2 F29", "", "an update over an application that was there at boot: 10203 after 992 bytes; after a good update read-memory returns FF", "FF, or the right data", DataCacheOn),
        new("stale-line", "F1 F2 F3", "when=start|erase, address=0x1000A000, length=32", "when=start: 10203 in the KB of the address; when=erase: read-memory returns FF there", "FF until programmed, then the right data", StaleLine),
        new("garbage-line", "F4", "p=1, address=0x1000A000, length=0x2000", "10203 at a KB that chance picks; gone after a reset", "FF", GarbageLine),
        new("icache-on", "F5", "", "update 0; the application entered without a reset afterwards says nothing", "right data; the core does not run its code", InstructionCacheOn),
        new("speculation-stuck", "F6", "", "a 32-byte line read before an erase reads old once more", "the same, once", SpeculationStuck),
    ];

    private static void DataCacheOn(FaultText text, FaultSite site) =>
        site.Chip.Restarted += _ => site.Chip.SystemControl.SetCaches(data: true, site.Chip.SystemControl.IsInstructionCacheOn);

    private static void InstructionCacheOn(FaultText text, FaultSite site) =>
        site.Chip.Restarted += _ =>
        {
            site.Chip.SystemControl.SetCaches(site.Chip.SystemControl.IsDataCacheOn, instruction: true);
            site.Chip.SystemControl.NoteApplicationRuns();
        };

    private static void SpeculationStuck(FaultText text, FaultSite site) => site.Chip.FlashBuffer.IgnoresInvalidation = true;

    /// <summary>Lines filled with what the array holds at a moment: at start, or when a sector erase has ended.</summary>
    private static void StaleLine(FaultText text, FaultSite site)
    {
        var when = text.Word("when", "start", "erase");
        var address = (uint)text.Number("address", KvMap.ApplicationStart, KvMap.FlashStart, KvMap.FlashEnd - 1);
        var length = (uint)text.Number("length", CacheGeometry.LineSize, 1, FlashArray.Size);
        DataCacheOn(text, site);
        if (when == "start")
            site.Chip.Restarted += _ => Fill(site, address, length);
        else
            site.Chip.Ftfe.Completed += operation => FillIfErased(site, operation, address, length);
    }

    private static void FillIfErased(FaultSite site, FlashOperation operation, uint address, uint length)
    {
        var start = KvMap.FlashStart + (uint)operation.Offset;
        if (operation.Data is null && address >= start && address < start + operation.Length)
            Fill(site, address, length);
    }

    private static void Fill(FaultSite site, uint address, uint length)
    {
        for (var line = address & ~31u; line < address + length; line += CacheGeometry.LineSize)
        {
            var cells = site.Chip.Cache.Allocate(line);
            site.Array.Read((int)(line - KvMap.FlashStart), cells);
        }
    }

    /// <summary>A speculative load meets the array while an erase works on it: the line holds nonsense.</summary>
    private static void GarbageLine(FaultText text, FaultSite site)
    {
        var probability = text.Real("p", 1);
        var address = (uint)text.Number("address", KvMap.ApplicationStart, KvMap.FlashStart, KvMap.FlashEnd - 1);
        var lines = (int)text.Number("length", FlashArray.SectorSize, CacheGeometry.LineSize, FlashArray.Size) / CacheGeometry.LineSize;
        DataCacheOn(text, site);
        site.Chip.Ftfe.Launched += operation =>
        {
            if (operation.Data is null && site.Chance.NextDouble() < probability)
                site.Chance.NextBytes(site.Chip.Cache.Allocate(address + (uint)(site.Chance.Next(lines) * CacheGeometry.LineSize)));
        };
    }
}
