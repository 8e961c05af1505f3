namespace HilRig.VirtualBoard.Kv58;

/// <summary>Which line of a full set gives way.</summary>
public enum CacheReplacement
{
    RoundRobin,
    Random,
    LeastRecentlyUsed,
}

/// <summary>Shape of the L1 D-cache; lines are always 32 bytes on a Cortex-M7.</summary>
/// <param name="Size">In bytes; the KV58's is not published, 8 KB is the likely one (facts: kboot §6).</param>
/// <param name="Ways">Lines a set.</param>
/// <param name="Replacement">Who gives way.</param>
public sealed record CacheGeometry(int Size = 8192, int Ways = 4, CacheReplacement Replacement = CacheReplacement.RoundRobin)
{
    public const int LineSize = 32;

    public int Sets => Size / LineSize / Ways;

    /// <summary>CCSIDR as the core reports it: WT, WB, RA, WA | sets − 1 | ways − 1 | line size code.</summary>
    public uint Ccsidr => 0xF0000000u | ((uint)(Sets - 1) << 13) | ((uint)(Ways - 1) << 3) | 1u;
}
