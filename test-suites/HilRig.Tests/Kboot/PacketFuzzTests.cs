using HilRig.Kboot;
using HilRig.Tests.Agent.Bootloader;
using NUnit.Framework;

namespace HilRig.Tests.Kboot;

/// <summary>
/// Recorded traffic, bent at random, as one endless stream through the reader: it never throws, never stands still, never
/// wants more than a frame to decide, and finds its way back to the packets that were left whole.
/// </summary>
public class PacketFuzzTests
{
    [Test]
    public void A_stream_of_bent_packets_never_stops_the_reader()
    {
        var seed = Extent.Seed();
        var target = Extent.IsFull ? 10_000_000L : 200_000L;
        TestContext.Out.WriteLine($"{target} bent packets");
        var random = new Random(seed);
        var mutation = new PacketMutation(random, rate: 0.5);
        var recorded = Transcript.All.SelectMany(part => part.Lines).Select(line => line.Bytes).ToArray();
        var (pending, whole, read) = (new List<byte>(), 0L, 0L);
        while (mutation.Count < target)
        {
            var before = mutation.Count;
            foreach (var piece in mutation.Bend(0, [.. recorded[random.Next(recorded.Length)]]))
                pending.AddRange(piece.Bytes);
            whole += mutation.Count == before ? 1 : 0;
            read += ReadAll(pending);
            if (pending.Count >= Packet.MaxFrame)
                Assert.Fail($"{pending.Count} bytes and no decision");
        }
        Assert.That(read, Is.GreaterThan(whole * 3 / 4), "bent packets swallow only their neighbours");
    }

    private static long ReadAll(List<byte> pending)
    {
        var bytes = pending.ToArray();
        var (position, packets) = (0, 0L);
        while (true)
        {
            var outcome = PacketReader.Read(bytes.AsSpan(position), out _, out var consumed);
            if (outcome == ReadOutcome.Incomplete)
                break;
            if (consumed <= 0)
                throw new InvalidOperationException($"{outcome} consumed {consumed} bytes of {Convert.ToHexString(bytes[position..])}");
            packets += outcome == ReadOutcome.Packet ? 1 : 0;
            position += consumed;
        }
        pending.RemoveRange(0, position);
        return packets;
    }
}
