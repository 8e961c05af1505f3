using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>How KBOOT treats a region.</summary>
internal enum MemoryKind
{
    Flash,
    Ram,
    Device,
}

/// <summary>One entry of KBOOT's memory map.</summary>
internal sealed record MemoryEntry(uint Start, uint Last, MemoryKind Kind, bool IsExecutable);

/// <summary>The memory map of the KV58 target (memory_map_KV58F22.c; facts: kboot §6).</summary>
internal static class MemoryMap
{
    private static readonly MemoryEntry[] Entries =
    [
        Entry(KvMap.FlashStart, FlashArray.Size, MemoryKind.Flash, true),
        Entry(KvMap.ItcmStart, KvMap.ItcmSize, MemoryKind.Ram, true),
        Entry(KvMap.DtcmStart, KvMap.DtcmSize, MemoryKind.Ram, true),
        Entry(KvMap.OcramStart, KvMap.OcramSize, MemoryKind.Ram, true),
        Entry(KvMap.AipsStart, KvMap.AipsSize, MemoryKind.Device, false),
        Entry(KvMap.GpioStart, KvMap.GpioSize, MemoryKind.Device, false),
        Entry(KvMap.PpbStart, KvMap.PpbSize, MemoryKind.Device, false),
    ];

    /// <summary>The entry that holds the whole range; null when none does.</summary>
    public static MemoryEntry? Find(uint address, uint length)
    {
        foreach (var entry in Entries)
        {
            if (address >= entry.Start && address <= entry.Last && (ulong)address + length <= (ulong)entry.Last + 1)
                return entry;
        }
        return null;
    }

    /// <summary>Where an application may begin: executable, and not the bootloader's own reset handler.</summary>
    public static bool IsEntryPoint(uint address) =>
        address is not (0 or uint.MaxValue or BootloaderEntry) && Find(address, 1) is { IsExecutable: true };

    /// <summary>A stack for execute must be 0 (keep) or lie in entry 1, the ITCM; a DTCM stack is refused.</summary>
    public static bool IsStack(uint address) => address == 0 || (address >= Entries[1].Start && address <= Entries[1].Last);

    private const uint BootloaderEntry = KvMap.FlashStart + 0x411;

    private static MemoryEntry Entry(uint start, int size, MemoryKind kind, bool isExecutable) => new(start, start + (uint)size - 1, kind, isExecutable);
}
