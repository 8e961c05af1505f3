using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Kboot;

public class PacketReaderTests
{
    private static IEnumerable<TestCaseData> Streams() =>
        from part in Transcript.All
        from sender in new[] { Sender.Host, Sender.Device }
        where part.Lines.Any(line => line.Sender == sender)
        select new TestCaseData(part, sender).SetArgDisplayNames(part.Title, sender.ToString());

    [TestCaseSource(nameof(Streams))]
    public void Every_split_of_a_recorded_stream_into_two_reads_gives_the_same_packets(TranscriptPart part, Sender sender)
    {
        var stream = part.Stream(sender);
        var whole = Units(stream);
        for (var split = 1; split < stream.Length; split++)
            Assert.That(Units(stream[..split], stream[split..]), Is.EqualTo(whole), $"split after {split} bytes");
    }

    [TestCaseSource(nameof(Streams))]
    public void Single_bytes_give_the_same_packets(TranscriptPart part, Sender sender)
    {
        var stream = part.Stream(sender);
        Assert.That(Units([.. stream.Select(value => new[] { value })]), Is.EqualTo(Units(stream)));
    }

    [Test]
    public void All_that_the_device_sent_is_packets_with_a_matching_CRC()
    {
        foreach (var line in Transcript.All.SelectMany(part => part.Lines).Where(line => line.Sender == Sender.Device))
        {
            Assert.That(PacketReader.Read(line.Bytes, out _, out var consumed), Is.EqualTo(ReadOutcome.Packet));
            Assert.That(consumed, Is.EqualTo(line.Bytes.Length));
        }
    }

    [Test]
    public void Recorded_packets_are_written_byte_by_byte_as_they_were_read()
    {
        var frame = new byte[Packet.MaxFrame];
        var compared = 0;
        foreach (var line in Transcript.All.SelectMany(part => part.Lines))
        {
            if (PacketReader.Read(line.Bytes, out var packet, out var consumed) != ReadOutcome.Packet || consumed != line.Bytes.Length)
                continue;
            var size = packet.Type switch
            {
                PacketType.Command or PacketType.Data => PacketWriter.WriteFramed(frame, packet.Type, packet.Payload),
                PacketType.PingResponse => PacketWriter.WritePingResponse(frame, PingResponse.Parse(packet.Payload)),
                _ => PacketWriter.WriteShort(frame, packet.Type),
            };
            Assert.That(frame[..size], Is.EqualTo(line.Bytes));
            compared++;
        }
        Assert.That(compared, Is.GreaterThan(700));
    }

    [Test]
    public void Recorded_commands_and_responses_survive_parsing_and_writing()
    {
        var payload = new byte[Packet.MaxPayload];
        foreach (var line in Transcript.All.SelectMany(part => part.Lines))
        {
            if (PacketReader.Read(line.Bytes, out var packet, out _) != ReadOutcome.Packet || packet.Type != PacketType.Command)
                continue;
            Assert.That(CommandPacket.TryParse(packet.Payload, out var command), Is.True);
            Assert.That(payload[..command.Write(payload)], Is.EqualTo(packet.Payload.ToArray()));
        }
    }

    [Test]
    public void A_length_above_32_is_a_bad_frame_whatever_follows()
    {
        byte[] frame = [0x5A, 0xA4, 0x21, 0x00, 0, 0];
        Assert.That(PacketReader.Read(frame, out _, out var consumed), Is.EqualTo(ReadOutcome.BadCrc));
        Assert.That(consumed, Is.EqualTo(6));
    }

    /// <summary>What a reader makes of bytes that arrive in these pieces; junk is joined, since pieces may part it.</summary>
    private static List<string> Units(params byte[][] pieces)
    {
        var units = new List<string>();
        var pending = new List<byte>();
        foreach (var piece in pieces)
        {
            pending.AddRange(piece);
            while (true)
            {
                var bytes = pending.ToArray();
                var outcome = PacketReader.Read(bytes, out _, out var consumed);
                if (outcome == ReadOutcome.Incomplete)
                    break;
                var unit = $"{outcome} {Convert.ToHexString(bytes[..consumed])}";
                if (outcome == ReadOutcome.Junk && units.Count > 0 && units[^1].StartsWith("Junk", StringComparison.Ordinal))
                    units[^1] += Convert.ToHexString(bytes[..consumed]);
                else
                    units.Add(unit);
                pending.RemoveRange(0, consumed);
            }
        }
        units.Add($"rest {Convert.ToHexString([.. pending])}");
        return units;
    }
}
