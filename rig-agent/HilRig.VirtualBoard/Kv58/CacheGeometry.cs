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

    /// <summary>Reads <c>SIZE[,WAYS[,round-robin|random|lru]]</c>, size in bytes; null when it is no cache a Cortex-M7 could have.</summary>
    public static CacheGeometry? Parse(string text)
    {
        var parts = text.Split(',');
        var ways = 4;
        if (!int.TryParse(parts[0], out var size) || (parts.Length > 1 && !int.TryParse(parts[1], out ways)) || parts.Length > 3)
            return null;
        CacheReplacement? replacement = parts.ElementAtOrDefault(2) switch
        {
            null or "round-robin" => CacheReplacement.RoundRobin,
            "random" => CacheReplacement.Random,
            "lru" => CacheReplacement.LeastRecentlyUsed,
            _ => null,
        };
        var isPossible = int.IsPow2(size) && int.IsPow2(ways) && size is >= 512 and <= 65536 && ways is >= 1 and <= 16 && size / LineSize >= ways;
        return isPossible && replacement is { } policy ? new CacheGeometry(size, ways, policy) : null;
    }

    public int Sets => Size / LineSize / Ways;

    /// <summary>CCSIDR as the core reports it: WT, WB, RA, WA | sets − 1 | ways − 1 | line size code.</summary>
    public uint Ccsidr => 0xF0000000u | ((uint)(Sets - 1) << 13) | ((uint)(Ways - 1) << 3) | 1u;
}
