namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// The L1 D-cache: real lines with copies of memory as it was when they were filled. It is write-through and knows
/// nothing of the flash controller, which is the whole trouble (facts: kboot §8).
/// </summary>
public sealed class DataCache
{
    private const uint Invalid = 1; // never a line address

    private readonly CacheGeometry geometry;
    private readonly uint[] tags;
    private readonly long[] lastUse;
    private readonly int[] nextWay;
    private readonly byte[] data;
    private readonly Random chance;
    private long uses;

    public DataCache(CacheGeometry geometry, int seed)
    {
        this.geometry = geometry;
        chance = new Random(seed);
        tags = new uint[geometry.Sets * geometry.Ways];
        lastUse = new long[tags.Length];
        nextWay = new int[geometry.Sets];
        data = new byte[geometry.Size];
        InvalidateAll();
    }

    public CacheGeometry Geometry => geometry;

    /// <summary>Addresses of the lines held, in no order.</summary>
    public IEnumerable<uint> Lines => tags.Where(tag => tag != Invalid);

    public void InvalidateAll() => Array.Fill(tags, Invalid);

    /// <summary>Drops the line that holds <paramref name="address"/>, if any.</summary>
    public void Invalidate(uint address)
    {
        var slot = Find(address & ~31u);
        if (slot >= 0)
            tags[slot] = Invalid;
    }

    /// <summary>Drops the line in a set and way (DCISW).</summary>
    public void Invalidate(int set, int way)
    {
        if (set < geometry.Sets && way < geometry.Ways)
            tags[(set * geometry.Ways) + way] = Invalid;
    }

    /// <summary>The 32 bytes of the line that holds <paramref name="address"/>; false on a miss.</summary>
    public bool TryGet(uint address, out Span<byte> line)
    {
        var slot = Find(address & ~31u);
        line = slot < 0 ? default : Line(slot);
        if (slot >= 0)
            lastUse[slot] = ++uses;
        return slot >= 0;
    }

    /// <summary>Makes room for the line that holds <paramref name="address"/>; the caller fills the 32 bytes.</summary>
    public Span<byte> Allocate(uint address)
    {
        var tag = address & ~31u;
        var slot = Find(tag);
        if (slot < 0)
            slot = Victim(SetOf(tag));
        tags[slot] = tag;
        lastUse[slot] = ++uses;
        return Line(slot);
    }

    private int SetOf(uint tag) => (int)(tag / CacheGeometry.LineSize) & (geometry.Sets - 1);

    private Span<byte> Line(int slot) => data.AsSpan(slot * CacheGeometry.LineSize, CacheGeometry.LineSize);

    private int Find(uint tag)
    {
        var first = SetOf(tag) * geometry.Ways;
        var way = tags.AsSpan(first, geometry.Ways).IndexOf(tag);
        return way < 0 ? -1 : first + way;
    }

    private int Victim(int set)
    {
        var first = set * geometry.Ways;
        var free = tags.AsSpan(first, geometry.Ways).IndexOf(Invalid);
        if (free >= 0)
            return first + free;
        return first + geometry.Replacement switch
        {
            CacheReplacement.Random => chance.Next(geometry.Ways),
            CacheReplacement.LeastRecentlyUsed => Oldest(first),
            _ => nextWay[set]++ % geometry.Ways,
        };
    }

    private int Oldest(int first)
    {
        var oldest = 0;
        for (var way = 1; way < geometry.Ways; way++)
        {
            if (lastUse[first + way] < lastUse[first + oldest])
                oldest = way;
        }
        return oldest;
    }
}
