using HilRig.Agent.Bootloader;
using HilRig.Tests.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>The client against what KBOOT itself answered, byte for byte.</summary>
public class RecordedSessionTests
{
    /// <summary>The recorded hosts of these cases misbehave on purpose, as this client never does.</summary>
    private static readonly string[] Misbehaving = ["-- 3 ", "-- 4 ", "-- 5 ", "-- 6 ", "-- 14 ", "-- 15 ", "-- 16 ", "-- 17 ", "-- 18 ", "-- 19 ", "-- 20 ", "-- 21 "];

    private static readonly byte[] Ping = [0x5A, 0xA6];

    private static readonly byte[] PingAnswer = [0x5A, 0xA7, 0x00, 0x02, 0x01, 0x50, 0x00, 0x00, 0xAA, 0xEA];

    private static IEnumerable<TranscriptPart> WellBehaved() =>
        Transcript.All.Where(part => part.Lines.Count > 0 && !Misbehaving.Any(title => part.Title.StartsWith(title, StringComparison.Ordinal)));

    [TestCaseSource(nameof(WellBehaved))]
    public async Task The_client_sends_what_the_recorded_host_sent(TranscriptPart part)
    {
        var (outcomes, counters) = await ReplayAsync(part, _ => int.MaxValue);
        Assert.That(outcomes, Is.EqualTo(Recorded(part)));
        Assert.That(counters.Irregularities, Is.Zero);
    }

    [TestCaseSource(nameof(WellBehaved))]
    public async Task Single_bytes_make_no_difference(TranscriptPart part) =>
        Assert.That((await ReplayAsync(part, _ => 1)).Outcomes, Is.EqualTo(Recorded(part)));

    [TestCaseSource(nameof(WellBehaved))]
    public async Task No_split_makes_a_difference(TranscriptPart part)
    {
        var recorded = Recorded(part);
        for (var first = 1; first < 38; first++)
            Assert.That((await ReplayAsync(part, read => read % 2 == 0 ? first : int.MaxValue)).Outcomes, Is.EqualTo(recorded), $"pieces of {first} bytes");
    }

    /// <summary>What the recording says came of each call, from the statuses in the device's responses.</summary>
    private static List<string> Recorded(TranscriptPart part) => RecordedOutcomes.Of(part.Lines);

    private static async Task<(List<string> Outcomes, LinkCounters Counters)> ReplayAsync(TranscriptPart part, Func<int, int> pieceSize)
    {
        var startsWithPing = part.Lines[0].Bytes.AsSpan().SequenceEqual(Ping);
        List<TranscriptLine> lines = startsWithPing ? [.. part.Lines] : [new(Sender.Host, Ping), new(Sender.Device, PingAnswer), .. part.Lines];
        var time = new ManualTime();
        using var device = new RecordedDevice(lines, time, pieceSize);
        await using var client = new BootloaderClient(device, new BootloaderTimeouts(), time);

        var outcomes = await RecordedCall.ReplayAsync(client, lines);
        Assert.That(device.Deviations, Is.Empty);
        Assert.That(device.IsFinished, Is.True, "the recording goes on");
        if (!startsWithPing)
            outcomes.RemoveAt(0);
        return (outcomes, client.Counters);
    }
}
