using System.Buffers.Binary;
using System.Text.Json;
using HilRig.Agent.Bootloader;
using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

public class TraceExportTests
{
    private static readonly string[] Session =
    [
        "ping",
        "ping response P1.2.0 options 0x0000",
        "get-property flags=0 [0x1, 0x0]",
        "ACK",
        "get-property-response flags=0 [0x0, 0x4B020000]",
        "ACK",
    ];

    [Test]
    public async Task The_trace_tells_the_session_by_name() =>
        Assert.That((await RecordAsync()).Snapshot().Select(packet => packet.Describe()), Is.EqualTo(Session));

    [Test]
    public async Task JSON_lines_hold_one_packet_each()
    {
        using var output = new MemoryStream();
        TraceExport.WriteJsonLines(await RecordAsync(), output);
        var lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
        Assert.That(lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()), Is.EqualTo(Session));
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.That((first.GetProperty("from").GetString(), first.GetProperty("bytes").GetString()), Is.EqualTo(("host", "5AA6")));
    }

    /// <summary>Walks the file as draft-ietf-opsawg-pcapng describes it.</summary>
    [Test]
    public async Task Pcapng_blocks_are_whole_and_carry_the_bytes_behind_four_of_ours()
    {
        using var output = new MemoryStream();
        PcapngTrace.Write(await RecordAsync(), output);
        var blocks = Blocks(output.ToArray());
        Assert.That(blocks.Select(block => block.Type), Is.EqualTo(new uint[] { 0x0A0D0D0A, 1, 6, 6, 6, 6, 6, 6 }));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(blocks[0].Body), Is.EqualTo(0x1A2B3C4D));
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(blocks[1].Body), Is.EqualTo(147), "link type USER0");
        var ping = blocks[2].Body;
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(ping.AsSpan(12)), Is.EqualTo(6));
        Assert.That(Convert.ToHexString(ping.AsSpan(20, 6)), Is.EqualTo("000000005AA6"));
        Assert.That(Convert.ToHexString(blocks[3].Body.AsSpan(20, 14)), Is.EqualTo("010000005AA7000201500000AAEA"));
    }

    [Test]
    public void The_ring_keeps_the_last_entries_and_their_numbers()
    {
        var trace = new LinkTrace(new ManualTime(), capacity: 4);
        for (byte value = 0; value < 10; value++)
            trace.Add(LinkDirection.HostToDevice, TracedAs.Junk, 0, [value]);
        Assert.That(trace.Snapshot().Select(entry => (entry.Number, entry.Bytes[0])), Is.EqualTo(new[] { (7L, (byte)6), (8L, (byte)7), (9L, (byte)8), (10L, (byte)9) }));
    }

    private static async Task<LinkTrace> RecordAsync()
    {
        var time = new ManualTime();
        using var link = new BoardLink(time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        await client.PingAsync(default);
        await client.GetPropertyAsync(PropertyTag.BootloaderVersion, 0, default);
        return client.Trace;
    }

    private static List<(uint Type, byte[] Body)> Blocks(byte[] file)
    {
        var blocks = new List<(uint, byte[])>();
        for (var start = 0; start < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(start + 4));
            Assert.That(length % 4, Is.Zero);
            Assert.That(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(start + length - 4)), Is.EqualTo(length), "both lengths of a block agree");
            blocks.Add((BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(start)), file[(start + 8)..(start + length - 4)]));
            start += length;
        }
        return blocks;
    }
}
