using System.Runtime.CompilerServices;
using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>The last packets both ways, with monotonic times. Writing an entry allocates nothing; reading may happen on any thread.</summary>
public sealed class LinkTrace
{
    public const int DefaultCapacity = 1024;

    private readonly Lock gate = new();
    private readonly Entry[] ring;
    private readonly TimeProvider time;
    private readonly long opened;
    private long count;
    private long previous;

    public LinkTrace(TimeProvider time, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        this.time = time;
        ring = new Entry[capacity];
        opened = previous = time.GetTimestamp();
        OpenedAt = time.GetUtcNow();
    }

    private LinkTrace(LinkTrace origin)
    {
        (time, opened, count, previous, OpenedAt) = (origin.time, origin.opened, origin.count, origin.previous, origin.OpenedAt);
        ring = [.. origin.ring];
    }

    /// <summary>The wall clock when the link was opened, to place the monotonic times.</summary>
    public DateTimeOffset OpenedAt { get; }

    /// <summary>The same entries in a trace that nothing is added to.</summary>
    public LinkTrace Copy()
    {
        lock (gate)
            return new LinkTrace(this);
    }

    /// <summary>The entries still held, oldest first.</summary>
    public IReadOnlyList<TracedPacket> Snapshot()
    {
        lock (gate)
        {
            var held = (int)Math.Min(count, ring.Length);
            var entries = new List<TracedPacket>(held);
            for (var number = count - held; number < count; number++)
                entries.Add(Read(ring[number % ring.Length], number + 1));
            return entries;
        }
    }

    /// <summary>One line an entry: <c>  12.345678  +0.000123  H>D  write-memory …</c>, seconds since the link was opened and since the entry before.</summary>
    /// <param name="most">The newest so many.</param>
    public IReadOnlyList<string> ToLines(int most = DefaultCapacity) =>
        [.. Snapshot().TakeLast(most).Select(entry =>
            $"{entry.At.TotalSeconds,12:0.000000} +{entry.Gap.TotalSeconds:0.000000} {(entry.Direction == LinkDirection.HostToDevice ? "H>D" : "D>H")} " +
            $"{entry.Describe()}{(entry.Resend > 0 ? $" (resend {entry.Resend})" : "")}")];

    /// <summary>Appends an entry; of more than 38 bytes, the first 38 are kept.</summary>
    public void Add(LinkDirection direction, TracedAs kind, int resend, ReadOnlySpan<byte> bytes)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            ref var entry = ref ring[count % ring.Length];
            entry.Timestamp = now;
            entry.Gap = now - previous;
            entry.Direction = direction;
            entry.Kind = kind;
            entry.Resend = (byte)Math.Min(resend, byte.MaxValue);
            entry.Length = bytes.Length;
            bytes[..Math.Min(bytes.Length, Packet.MaxFrame)].CopyTo(entry.Bytes);
            previous = now;
            count++;
        }
    }

    private TracedPacket Read(in Entry entry, long number)
    {
        ReadOnlySpan<byte> bytes = entry.Bytes;
        return new(
            number,
            time.GetElapsedTime(opened, entry.Timestamp),
            time.GetElapsedTime(0, entry.Gap),
            entry.Direction,
            entry.Kind,
            entry.Resend,
            entry.Length,
            bytes[..Math.Min(entry.Length, Packet.MaxFrame)].ToArray());
    }

    private struct Entry
    {
        public long Timestamp;
        public long Gap;
        public LinkDirection Direction;
        public TracedAs Kind;
        public byte Resend;
        public int Length;
        public FrameBytes Bytes;
    }

    [InlineArray(Packet.MaxFrame)]
    private struct FrameBytes
    {
        private byte first;
    }
}
