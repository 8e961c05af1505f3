using System.Net.Http.Json;
using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Discrimination;
using HilRig.Server.Dispatch;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Discrimination;

/// <summary>Cycles that nobody could judge, repeated over the farm by agents on real connections.</summary>
public sealed class DiscriminationTests(DatabaseKind kind) : ServerFixture(kind)
{
    private const string Sequence = "sequence: re-update\nboard: kv58\nsteps:\n  - update\n";
    private TestAgent here = null!;
    private TestAgent elsewhere = null!;

    [SetUp]
    public async Task Connect()
    {
        here = await TestAgent.ArriveAsync(Server, ["kv58-1"]);
        elsewhere = await TestAgent.ConnectAsync(Server);
        Assert.That((await elsewhere.HelloAsync("bench-2", [new PlaceInfo("kv58-2", "kv58", []), new PlaceInfo("kv58-9", "kv58", ["reference"]), new PlaceInfo("k64-1", "k64", [])], [])).Refusal, Is.Null);
    }

    [TearDown]
    public async Task Disconnect()
    {
        await here.DisposeAsync();
        await elsewhere.DisposeAsync();
    }

    [Test]
    public async Task It_is_repeated_on_the_same_board_another_and_the_reference_and_moves_to_the_product()
    {
        var runId = await RunAsync(cycle: 3);
        var arms = new List<(RerunArm, string, int?)>();
        for (var rerun = 0; rerun < 2; rerun++)
        {
            arms.Add(await RepeatAsync(here, RunScript.Silence, "1f0c"));
            arms.Add(await RepeatAsync(elsewhere, null, null));
            arms.Add(await RepeatAsync(elsewhere, null, null));
        }

        await Server.Service<LeaseClock>().BeatAsync(default);
        var attributed = (await AttributionsAsync(runId)).Single();

        Assert.That(arms.Distinct(), Is.EquivalentTo(new[] { (RerunArm.SameBoard, "kv58-1", (int?)3), (RerunArm.OtherBoard, "kv58-2", 3), (RerunArm.Reference, "kv58-9", 3) }));
        Assert.That((attributed.IsOpen, attributed.Layer, attributed.Cycle, attributed.Step), Is.EqualTo((false, Layer.Product, 3, "update")), attributed.Because);
        Assert.That(attributed.Because, Does.Contain("kv58-2"));
        Assert.That(attributed.Reruns, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task What_the_agent_has_repeated_by_itself_is_not_repeated_and_what_it_has_attributed_is_left_alone()
    {
        var attributed = await RunAsync(cycle: 1, local: new SampleAttributed(4, 1, "update", Layer.Rig, "its cable", []));
        Assert.That(await AttributionsAsync(attributed), Is.Empty);

        var runId = await RunAsync(cycle: 1, local: new SampleAttributed(4, 1, "update", Layer.Undetermined, "alone", [new Rerun(RerunArm.SameBoard, "kv58-1", true, RerunOutcome.Passed, Layer.None, 0, "passed")]));

        Assert.That(await here.HasNoOrderAsync("bench-1", ["kv58-1"]), Is.True, "the same board has had its turn");
        for (var rerun = 0; rerun < 4; rerun++)
            await RepeatAsync(elsewhere, null, "1f0c");
        await Server.Service<LeaseClock>().BeatAsync(default);
        Assert.That((await AttributionsAsync(runId)).Single(), Has.Property("Layer").EqualTo(Layer.Undetermined).And.Property("Because").Contains("did not come again"));
    }

    [Test]
    public async Task A_repetition_is_no_sample_and_is_not_repeated_itself()
    {
        var runId = await RunAsync(cycle: 1);
        var before = await Server.GetAsync<List<Flag>>("/api/v1/flags");
        for (var rerun = 0; rerun < 2; rerun++)
        {
            await RepeatAsync(here, RunScript.Silence, "1f0c");
            await RepeatAsync(elsewhere, RunScript.Silence, "1f0c");
            await RepeatAsync(elsewhere, RunScript.Silence, "1f0c");
        }
        await Server.Service<LeaseClock>().BeatAsync(default);

        Assert.That((await Server.GetAsync<List<Flag>>("/api/v1/flags")).Select(flag => flag.Rate), Is.EqualTo(before.Select(flag => flag.Rate)));
        Assert.That((await Server.GetAsync<List<ReleaseSummary>>("/api/v1/releases")).Sum(release => release.Cycles.Trials), Is.EqualTo(1));
        Assert.That(await Server.GetAsync<List<QueuedRun>>("/api/v1/queue"), Is.Empty);
        Assert.That((await AttributionsAsync(runId)).Single().Because, Does.Contain("nothing to compare with").Or.Contain("differ in more than one thing"));
    }

    /// <summary>A run whose cycle ends in silence, the cycles before it clean.</summary>
    private async Task<string> RunAsync(int cycle, SampleAttributed? local = null)
    {
        using var response = await Server.PostAsync("/api/v1/runs", new RunRequest(Sequence, "re-update.yaml", "kv58-1", Cycles: cycle));
        response.EnsureSuccessStatusCode();
        var order = await here.NextOrderAsync();
        var run = new RunScript(order.RunId, cycles: cycle);
        for (var clean = 1; clean < cycle; clean++)
            run.Cycle();
        run.Cycle(RunScript.Silence, Layer.Undetermined);
        if (local is not null)
            run.Attribute(local with { Number = run.Events.Last(runEvent => runEvent.Body is StepEnded { Layer: Layer.Undetermined }).Number });
        await here.AppendAsync(run.End().Batch(order.Epoch));
        await Server.Service<LeaseClock>().BeatAsync(default);
        return order.RunId;
    }

    /// <summary>Does the next repetition that is ordered, on a board with these bytes; answers what was ordered.</summary>
    private static async Task<(RerunArm Arm, string Place, int? Cycles)> RepeatAsync(TestAgent agent, Failure? failure, string? digest)
    {
        var order = await agent.NextOrderAsync();
        // Where nothing else is said, the other board has the same release and fails alike, the reference another and passes.
        var isReference = order.Again!.Arm is RerunArm.Reference;
        failure = digest is null && !isReference ? RunScript.Silence : failure;
        var run = new RunScript(order.RunId, order.Place, rerunOf: order.Again, digest: digest ?? (isReference ? "other" : "1f0c"));
        await agent.AppendAsync(run.Cycle(failure, Layer.Undetermined).End().Batch(order.Epoch));
        return (order.Again.Arm, order.Place, order.Cycles);
    }

    private Task<List<Attributed>> AttributionsAsync(string runId) => Server.GetAsync<List<Attributed>>($"/api/v1/runs/{runId}/attributions");
}
