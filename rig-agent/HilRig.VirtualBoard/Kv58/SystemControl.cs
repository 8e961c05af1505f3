namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// The cache half of the system control block: CCR.DC and CCR.IC, the geometry registers, and maintenance by address
/// and by set and way. Whoever writes them, firmware, KBOOT's write-memory or a debugger, does the same thing.
/// </summary>
public sealed class SystemControl(DataCache cache)
{
    public const uint Ccr = 0xE000ED14;
    public const uint Dcimvac = 0xE000EF5C;
    public const uint DataCacheEnable = 1u << 16;
    public const uint InstructionCacheEnable = 1u << 17;

    /// <summary>STKALIGN reads one on every Cortex-M7.</summary>
    private const uint CcrReset = 0x0000_0200;

    private const uint InstructionCcsidr = 0xF01F_E009;

    private uint ccr = CcrReset;
    private uint cacheSelection;
    private bool hasApplicationInstructions;

    public bool IsDataCacheOn => (ccr & DataCacheEnable) != 0;

    public bool IsInstructionCacheOn => (ccr & InstructionCacheEnable) != 0;

    public uint VectorTable { get; set; } = KvMap.FlashStart;

    /// <summary>The I-cache holds code that flash no longer has: a jump there executes what was (fault F5).</summary>
    public bool HasStaleInstructions { get; private set; }

    public void Reset()
    {
        ccr = CcrReset;
        cacheSelection = 0;
        VectorTable = KvMap.FlashStart;
        (hasApplicationInstructions, HasStaleInstructions) = (false, false);
        cache.InvalidateAll();
    }

    /// <summary>The application runs: with the I-cache on, its code is cached from now on.</summary>
    public void NoteApplicationRuns() => hasApplicationInstructions |= IsInstructionCacheOn;

    /// <summary>Flash changed under whatever the I-cache holds.</summary>
    public void NoteFlashChanged(uint address) =>
        HasStaleInstructions |= hasApplicationInstructions && IsInstructionCacheOn && address >= KvMap.ApplicationStart;

    public void SetCaches(bool data, bool instruction) =>
        ccr = (ccr & ~(DataCacheEnable | InstructionCacheEnable)) | (data ? DataCacheEnable : 0) | (instruction ? InstructionCacheEnable : 0);

    /// <summary>CMSIS' SCB_EnableDCache of that time: invalidates by set and way, whatever was on, and turns it on.</summary>
    public void EnableDataCache()
    {
        cache.InvalidateAll();
        ccr |= DataCacheEnable;
    }

    public bool TryRead(uint address, out uint value)
    {
        uint? known = address switch
        {
            0xE000ED08 => VectorTable,
            Ccr => ccr,
            0xE000ED78 => 0x0900_0003, // CLIDR: separate L1 caches
            0xE000ED7C => 0x8303_C003, // CTR: 32-byte lines
            0xE000ED80 => (cacheSelection & 1) == 0 ? cache.Geometry.Ccsidr : InstructionCcsidr,
            0xE000ED84 => cacheSelection,
            >= 0xE000EF50 and <= 0xE000EF78 => 0, // maintenance registers are write-only
            _ => null,
        };
        value = known ?? 0;
        return known is not null;
    }

    public bool TryWrite(uint address, uint value)
    {
        switch (address)
        {
            case 0xE000ED08:
                VectorTable = value & ~0x7Fu;
                return true;
            case Ccr:
                ccr = value | CcrReset;
                return true;
            case 0xE000ED84:
                cacheSelection = value & 0xF;
                return true;
            case 0xE000ED78 or 0xE000ED7C or 0xE000ED80:
                return true;
            case 0xE000EF50 or 0xE000EF58: // ICIALLU, ICIMVAU
                (hasApplicationInstructions, HasStaleInstructions) = (false, false);
                return true;
            case Dcimvac or 0xE000EF70: // DCIMVAC, DCCIMVAC; nothing is ever dirty in a write-through cache
                cache.Invalidate(value);
                return true;
            case 0xE000EF60 or 0xE000EF74: // DCISW, DCCISW
                InvalidateSetWay(value);
                return true;
            case >= 0xE000EF50 and <= 0xE000EF78: // cleans: nothing to do
                return true;
            default:
                return false;
        }
    }

    /// <summary>Way in the top bits, set from bit 5.</summary>
    private void InvalidateSetWay(uint value)
    {
        var wayShift = 32 - (int)Math.Log2(cache.Geometry.Ways);
        cache.Invalidate((int)(value >> 5) & (cache.Geometry.Sets - 1), wayShift == 32 ? 0 : (int)(value >> wayShift));
    }
}
