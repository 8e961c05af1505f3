using System.Text;
using System.Text.Json;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Timelines;

/// <summary>What was captured at the failures of a stretch: packets, and what probe and supply were told.</summary>
internal sealed class CapturedMarks(ArtifactStore artifacts)
{
    private const int MostTraces = 24;

    /// <summary>Traces of neighbouring failures overlap: each entry is taken once.</summary>
    private readonly HashSet<(string Lane, long At)> taken = [];

    private sealed record PacketLine(DateTimeOffset Time, string From, string Kind, int Resend, int Length, string Bytes, string Text);

    private sealed record ActLine(DateTimeOffset Time, double Took, string Lane, string Text, bool Failed);

    public async Task AddAsync(IReadOnlyList<RunEvent> events, RunClock clock, LaneMarks lanes, CancellationToken cancellationToken)
    {
        var failing = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step.Evidence.Count > 0).ToList();
        if (failing.Count > MostTraces)
            lanes.Explain(LaneMarks.Packets, $"the captures of the first {MostTraces} of {failing.Count} failures here; zoom in for the others");
        foreach (var step in failing.Take(MostTraces))
        {
            foreach (var item in step.Evidence)
            {
                if (item.Kind == EvidenceKinds.LinkTrace)
                    await AddAsync<PacketLine>(item, LaneMarks.Packets, line => Take(line, clock, lanes), lanes, cancellationToken);
                else if (item.Kind == EvidenceKinds.BenchTrace)
                    await AddAsync<ActLine>(item, LaneMarks.Swd, line => Take(line, clock, lanes), lanes, cancellationToken);
            }
        }
    }

    private async Task AddAsync<T>(EvidenceItem item, string lane, Action<T> take, LaneMarks lanes, CancellationToken cancellationToken)
    {
        try
        {
            if (item.Digest is null || await artifacts.ReadAsync(item.Digest, cancellationToken) is not { } content)
            {
                lanes.Explain(lane, "the capture is not kept here: its agent has not sent it, or its time is over");
                return;
            }
            foreach (var line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                take(JsonSerializer.Deserialize<T>(line, RunJson.Options)!);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            lanes.Explain(lane, $"a capture here cannot be read: {exception.Message}");
        }
    }

    private void Take(PacketLine packet, RunClock clock, LaneMarks lanes)
    {
        var at = clock.Of(packet.Time);
        if (!taken.Add((LaneMarks.Packets, at)))
            return;
        var isWhole = packet.Kind == "Packet";
        var mark = new TimelineMark(at, at, isWhole && packet.Resend == 0 ? ToneOf(packet) : TimelineTone.Rig, packet.Text + (packet.Resend > 0 ? $" (resend {packet.Resend})" : ""))
        {
            Sender = packet.From,
            Bytes = packet.Bytes,
            Length = packet.Length,
        };
        lanes.Add(LaneMarks.Packets, mark);
        if (!isWhole || packet.Resend > 0)
            lanes.Add(LaneMarks.Serial, mark);
    }

    private void Take(ActLine act, RunClock clock, LaneMarks lanes)
    {
        var at = clock.Of(act.Time);
        if (LaneMarks.Names.Contains(act.Lane) && taken.Add((act.Lane, at)))
            lanes.Add(act.Lane, new TimelineMark(at, at + (long)(act.Took * 1e9), act.Failed ? TimelineTone.Rig : TimelineTone.Plain, act.Text));
    }

    /// <summary>A NAK, an abort, and a response with another status than success stand out.</summary>
    private static TimelineTone ToneOf(PacketLine packet) =>
        packet.Text is "NAK" or "ACK_ABORT" ? TimelineTone.Rig
        : packet.Text.StartsWith("generic-response ", StringComparison.Ordinal) && !packet.Text.StartsWith("generic-response 0 ", StringComparison.Ordinal) ? TimelineTone.Fail
        : packet.From == "host" ? TimelineTone.Plain
        : TimelineTone.Pass;
}
