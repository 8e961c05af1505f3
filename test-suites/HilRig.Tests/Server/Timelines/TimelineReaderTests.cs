using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Server.Timelines;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Timelines;

/// <summary>A run on one clock, on either database.</summary>
public sealed class TimelineReaderTests(DatabaseKind kind) : DatabaseFixture(kind)
{
    private const long Millisecond = 1_000_000;
    private ArtifactStore artifacts = null!;
    private DirectoryInfo folder = null!;

    private TimelineReader Reader => new(new TimelineStore(Database), Runs, artifacts);

    [SetUp]
    public void Create()
    {
        folder = Directory.CreateTempSubdirectory("hilrig-timeline-");
        artifacts = new ArtifactStore(folder.FullName);
    }

    [TearDown]
    public void Remove() => folder.Delete(recursive: true);

    [Test]
    public async Task A_failure_shows_on_every_lane_what_was_captured_before_it()
    {
        await AppendAsync(await WithCapturesAsync(new RunScript("r-1").Cycle()));

        var timeline = (await Reader.ReadAsync("r-1", null, null, default))!;

        var lanes = timeline.Lanes.ToDictionary(lane => lane.Name, lane => lane.Marks);
        Assert.That(timeline.Lanes.Select(lane => lane.Name), Is.EqualTo(new[] { "serial", "packets", "swd", "core", "power", "agent" }));
        Assert.That(timeline.IsFolded, Is.False);
        Assert.That(lanes["packets"], Has.Count.EqualTo(24));
        Assert.That(lanes["packets"][^1], Has.Property("Tone").EqualTo(TimelineTone.Fail).And.Property("Bytes").StartsWith("5AA4").And.Property("Sender").EqualTo("device"));
        Assert.That(lanes["packets"].Zip(lanes["packets"].Skip(1)), Has.All.Matches<(TimelineMark A, TimelineMark B)>(pair => pair.B.At - pair.A.At is > 4 * Millisecond and < 5 * Millisecond));
        Assert.That(lanes["serial"].Select(mark => mark.Tone), Is.EqualTo(new[] { TimelineTone.Rig, TimelineTone.Rig }), "a bad CRC and a resend");
        Assert.That(lanes["power"].Select(mark => mark.Text), Is.EqualTo(new[] { "OUTP OFF;OUTP? → 0" }));
        Assert.That(lanes["core"].Select(mark => mark.Text), Does.Contain("halt"));
        Assert.That(lanes["swd"].Single().Tone, Is.EqualTo(TimelineTone.Rig));
        Assert.That(lanes["agent"].Select(mark => mark.Tone), Does.Contain(TimelineTone.Pass).And.Contain(TimelineTone.Fail));
        Assert.That(timeline.FirstFailure, Is.EqualTo(lanes["agent"].Single(mark => mark.Tone == TimelineTone.Fail && mark.Cycle > 0)));
    }

    [Test]
    public async Task A_stretch_holds_what_reaches_into_it_and_nothing_else()
    {
        await AppendAsync(await WithCapturesAsync(new RunScript("r-1").Cycle()));
        var failure = (await Reader.ReadAsync("r-1", null, null, default))!.FirstFailure!;

        var stretch = (await Reader.ReadAsync("r-1", failure.Until - (20 * Millisecond), failure.Until, default))!;

        Assert.That(stretch.To - stretch.From, Is.EqualTo(20 * Millisecond));
        Assert.That(stretch.Lanes.Single(lane => lane.Name == "packets").Marks, Has.Count.EqualTo(5));
        Assert.That(stretch.Lanes.Single(lane => lane.Name == "agent").Marks, Does.Contain(failure), "a step that began before and ends here");
        Assert.That(stretch.Lanes.Single(lane => lane.Name == "power"), Has.Property("Marks").Empty.And.Property("Silence").Contains("kept where a step does not pass"));
    }

    [Test]
    public async Task A_step_ends_when_it_ended_and_not_when_its_evidence_was_there()
    {
        var run = new RunScript("r-1").Cycle(RunScript.CumulativeWrite, evidence: [new("witnesses", "what they say", "SWD answers", null)]);
        var events = run.Events.Select(runEvent => runEvent.Body is StepEnded step ? runEvent with { Body = step with { DurationMs = 37 } } : runEvent).ToList();
        await Runs.AppendAsync([new HilRig.Model.Rig.EventBatch("r-1", 0, events)], default);

        var timeline = (await Reader.ReadAsync("r-1", null, null, default))!;

        var failure = timeline.FirstFailure!;
        Assert.That(failure.Until - failure.At, Is.EqualTo(37 * Millisecond));
        Assert.That(timeline.Start.AddTicks(failure.At / 100), Is.EqualTo(events.Last(runEvent => runEvent.Body is StepStarted).At));
        Assert.That(timeline.Lanes.Single(lane => lane.Name == "agent").Marks, Has.One.Property("Text").EqualTo("witnesses asked, evidence captured").And.Property("At").EqualTo(failure.Until));
    }

    [Test]
    public async Task More_than_a_screen_is_folded_and_no_failure_is_averaged_away()
    {
        var run = new RunScript("r-1", cycles: 500);
        for (var cycle = 1; cycle <= 500; cycle++)
            run.Cycle(cycle == 321 ? RunScript.CumulativeWrite : null);
        await AppendAsync(run.End());

        var whole = (await Reader.ReadAsync("r-1", null, null, default))!;
        var closer = (await Reader.ReadAsync("r-1", whole.FirstFailure!.At, whole.FirstFailure.Until, default))!;

        var agent = whole.Lanes.Single(lane => lane.Name == "agent").Marks;
        Assert.That((whole.IsFolded, whole.Events), Is.EqualTo((true, 500 * 6 + 2)));
        Assert.That(agent, Has.Count.InRange(300, 601));
        Assert.That(agent.Sum(mark => mark.Many), Is.EqualTo(1000), "each step is in one of them");
        Assert.That(agent.Count(mark => mark.Tone == TimelineTone.Fail), Is.EqualTo(1));
        Assert.That(closer.IsFolded, Is.False);
        Assert.That(whole.FirstFailure.Cycle, Is.EqualTo(321));
    }

    [Test]
    public async Task A_run_whose_events_were_deleted_still_shows_its_steps_and_says_so()
    {
        await AppendAsync(new RunScript("r-1").Cycle().Cycle(RunScript.CumulativeWrite).End());
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("DELETE FROM event", transaction: transaction), default);

        var timeline = (await Reader.ReadAsync("r-1", null, null, default))!;

        var agent = timeline.Lanes.Single(lane => lane.Name == "agent");
        Assert.That(agent.Marks.Sum(mark => mark.Many), Is.EqualTo(4));
        Assert.That(agent.Silence, Does.Contain("deleted in their time"));
    }

    [Test]
    public async Task A_capture_that_is_not_there_or_cannot_be_read_is_said_and_hides_nothing_else()
    {
        var torn = await artifacts.SaveAsync("{\"number\":1}\n{torn"u8.ToArray(), default);
        await AppendAsync(new RunScript("r-1").Cycle(RunScript.CumulativeWrite, evidence:
        [
            new(EvidenceKinds.LinkTrace, "packets", "", null, new string('0', 64), 9),
            new(EvidenceKinds.BenchTrace, "told", "", null, torn, 9),
        ]));

        var lanes = (await Reader.ReadAsync("r-1", null, null, default))!.Lanes.ToDictionary(lane => lane.Name);

        Assert.That(lanes["packets"].Silence, Does.Contain("not kept here"));
        Assert.That(lanes["swd"].Silence, Does.Contain("cannot be read"));
        Assert.That(lanes["agent"].Marks, Is.Not.Empty);
        Assert.That(await Reader.ReadAsync("r-none", null, null, default), Is.Null);
    }

    private async Task<RunScript> WithCapturesAsync(RunScript run)
    {
        // The update of the next cycle ends five events on.
        var end = run.Events[^1].At.AddMilliseconds(5 * 137);
        var packets = Traces.Packets(end);
        var acts = Traces.Acts(end);
        return run.Cycle(RunScript.CumulativeWrite, evidence:
        [
            new(EvidenceKinds.LinkTrace, "last packets on the line", "", null, await artifacts.SaveAsync(packets, default), packets.Length),
            new(EvidenceKinds.BenchTrace, "what probe and supply were told last", "", null, await artifacts.SaveAsync(acts, default), acts.Length),
        ]).Cycle().End();
    }

    private async Task AppendAsync(RunScript run) => Assert.That((await Runs.AppendAsync([run.Batch()], default)).Single().Refusal, Is.Null);
}
