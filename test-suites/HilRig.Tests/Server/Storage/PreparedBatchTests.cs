using System.Buffers;
using System.Text;
using System.Text.Json;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

public class PreparedBatchTests
{
    [Test]
    public void A_batch_as_it_travels_becomes_the_rows_that_its_events_are([Values(1, 7, 64, int.MaxValue)] int piece)
    {
        var batch = Batch();

        var read = Read(JsonSerializer.Serialize(batch, RunJson.Options), piece);

        Assert.That(Rows(read), Is.EqualTo(Rows(PreparedBatch.Of(batch))));
    }

    [Test]
    public void The_text_of_a_body_stays_what_its_agent_wrote_with_what_this_server_does_not_know()
    {
        const string Body = """{"type":"step-ended","cycle":1,"index":0,"phase":"steps","step":"ping","arguments":"","verdict":"pass","layer":"none","failure":null,"durationMs":1.50,"marginal":false,"conditions":{"a":"\u0000b"},"measurements":{},"evidence":[],"newer":{"x":[1,{"conditions":{}}]}}""";

        var row = Read($$$"""{"events":[{"number":2,"at":"2026-01-21T22:00:00Z","runId":"r","more":[],"body":{{{Body}}}}],"epoch":3,"runId":"r"}""").Events.Single();

        Assert.That(row.Body, Is.EqualTo(Body));
        Assert.That(row.Conditions, Is.EqualTo("""{"a":"\u0000b"}"""));
        Assert.That(((StepEnded)row.Event.Body).Conditions["a"], Is.EqualTo("\0b"));
    }

    [Test]
    public void A_body_whose_type_does_not_stand_first_is_read_as_well()
    {
        var row = Read("""{"runId":"r","epoch":0,"events":[{"runId":"r","number":1,"at":"2026-01-21T22:00:00Z","body":{"cycle":4,"type":"cycle-started"}}]}""").Events.Single();

        Assert.That(row.Event.Body, Is.EqualTo(new CycleStarted(4)));
    }

    [Test]
    public void Events_in_any_order_are_rows_in_order()
    {
        var batch = Batch();

        var read = Read(JsonSerializer.Serialize(batch with { Events = [.. batch.Events.Reverse()] }, RunJson.Options));

        Assert.That(read.Events.Select(row => row.Event.Number), Is.Ordered);
    }

    [TestCase("""{"runId":"r","epoch":0,"events":[{"runId":"r","at":"2026-01-21T22:00:00Z","body":{"type":"cycle-started","cycle":4}}]}""", TestName = "An_event_without_a_number_is_refused")]
    [TestCase("""{"runId":"r","epoch":0,"events":[{"runId":"r","number":1,"at":"2026-01-21T22:00:00Z","body":null}]}""", TestName = "An_event_without_a_body_is_refused")]
    [TestCase("""{"runId":"r","epoch":0,"events":[{"runId":"r","number":1,"at":"2026-01-21T22:00:00Z","body":{"type":"of-tomorrow"}}]}""", TestName = "An_event_of_an_unknown_type_is_refused")]
    [TestCase("""{"runId":"r","epoch":0,"events":[{"runId":"r","number":1,"at":"2026-01-21T22:00:00Z","body":{"type":"step-ended","verdict":"fine"}}]}""", TestName = "A_verdict_that_is_none_is_refused")]
    [TestCase("""{"runId":"r","epoch":0,"events":{}}""", TestName = "Events_that_are_no_array_are_refused")]
    [TestCase("""{"epoch":0,"events":[]}""", TestName = "A_batch_of_no_run_is_refused")]
    [TestCase("[]", TestName = "A_batch_that_is_no_object_is_refused")]
    public void A_batch_that_is_none_is_refused(string json)
    {
        var batch = Read(json);

        Assert.That(batch.Refusal, Does.StartWith("this server cannot read it: "));
        Assert.That(batch.Events, Is.Empty);
        Assert.That(batch.RunId, Is.EqualTo(json.Contains("{\"runId\":\"r\",\"epoch\"", StringComparison.Ordinal) ? "r" : ""));
    }

    [Test]
    public void What_follows_a_batch_that_is_none_is_read()
    {
        var batches = JsonSerializer.Deserialize<List<PreparedBatch>>("[{\"runId\":\"r\",\"epoch\":0,\"events\":[{\"body\":{\"type\":\"of-tomorrow\"}}]}, " + JsonSerializer.Serialize(Batch(), RunJson.Options) + "]", RunJson.Options)!;

        Assert.That(batches.Select(batch => batch.Refusal is null), Is.EqualTo(new[] { false, true }));
        Assert.That(batches[1].Events, Has.Count.EqualTo(Batch().Events.Count));
    }

    private static EventBatch Batch()
    {
        var script = new RunScript("r-1")
            .Cycle()
            .Cycle(RunScript.CumulativeWrite, evidence: [new EvidenceItem("trace", "link", "00 \"5A\" A4", null, new string('0', 64), 12)])
            .Cycle(RunScript.Silence, Layer.Undetermined)
            .Cycle(marginal: true)
            .Attribute(new SampleAttributed(4, 1, "update", Layer.Rig, "because", []))
            .Notice("probe", "ümläut \"quoted\" \u0001")
            .End();
        return script.Batch(7);
    }

    private static IEnumerable<string> Rows(PreparedBatch batch) =>
        batch.Events.Select(row => $"{batch.RunId} {batch.Epoch} {row.AtNanoseconds} {row.Body} {row.Conditions} {JsonSerializer.Serialize(row.Event, RunJson.Options)}");

    /// <summary>As it comes from the network, in pieces of so many bytes.</summary>
    private static PreparedBatch Read(string json, int piece = int.MaxValue)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var first = new Piece(bytes.AsMemory(0, Math.Min(piece, bytes.Length)), null);
        var last = first;
        for (var start = last.Memory.Length; start < bytes.Length; start += last.Memory.Length)
            last = new Piece(bytes.AsMemory(start, Math.Min(piece, bytes.Length - start)), last);
        var reader = new Utf8JsonReader(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));
        return JsonSerializer.Deserialize<PreparedBatch>(ref reader, RunJson.Options)!;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
