using System.Security.Cryptography;
using Dapper;
using HilRig.Model.Campaigns;
using HilRig.Server.Campaigns;
using HilRig.Server.Retention;
using HilRig.Server.Storage;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Retention;

/// <summary>What is deleted in its time, and what never is.</summary>
public sealed class RetentionTests(DatabaseKind kind) : DatabaseFixture(kind)
{
    private static readonly DateTimeOffset Now = RunScript.Evening;
    private string folder = null!;
    private ArtifactStore artifacts = null!;
    private RetentionStore store = null!;

    [SetUp]
    public void Create()
    {
        folder = Directory.CreateTempSubdirectory("hilrig-retention-").FullName;
        artifacts = new ArtifactStore(folder);
        store = new RetentionStore(Database, artifacts, new StoppedClock());
    }

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task Results_outlive_events_and_a_protected_run_outlives_everything()
    {
        await RunAsync("r-old", days: 400);
        await RunAsync("r-middle", days: 100);
        await RunAsync("r-kept", days: 400);
        await RunAsync("r-new", days: 1);
        await store.ProtectAsync("r-kept", "basis of 2.0's sign-off", "ann", default);

        var deleted = await store.ApplyAsync(new Keeping(Events: TimeSpan.FromDays(90), Results: TimeSpan.FromDays(365)), default);

        Assert.That(deleted, Is.EqualTo(new Deleted(1, 1, 0)));
        Assert.That((await Runs.ListRunsAsync(10, default)).Select(run => run.RunId), Is.EquivalentTo(new[] { "r-middle", "r-kept", "r-new" }));
        Assert.That(await EventsAsync("r-middle"), Is.Zero);
        Assert.That((await Runs.FindRunAsync("r-middle", default))!.CyclesDone, Is.EqualTo(2));
        Assert.That(await SamplesAsync("r-middle"), Is.EqualTo(4));
        Assert.That(await EventsAsync("r-kept"), Is.EqualTo(await EventsAsync("r-new")).And.Not.Zero);
        Assert.That(await store.ApplyAsync(new Keeping(Events: TimeSpan.FromDays(90), Results: TimeSpan.FromDays(365)), default), Is.EqualTo(new Deleted(0, 0, 0)));

        var tallies = await TalliesAsync();
        await new Projections(Database).RebuildAsync(default);
        Assert.That(await TalliesAsync(), Is.EqualTo(tallies).And.Not.Empty, "what is gone is not counted any more");
    }

    private async Task<List<string>> TalliesAsync()
    {
        await using var reader = await Database.OpenReaderAsync(default);
        return [.. await reader.QueryAsync<string>("SELECT release || ' ' || place || ' ' || what || ' ' || layer || ' ' || number FROM release_tally ORDER BY 1")];
    }

    [Test]
    public async Task Results_whose_events_are_gone_survive_a_rebuild()
    {
        await RunAsync("r-middle", days: 100);
        await RunAsync("r-new", days: 1);
        await store.ApplyAsync(new Keeping(Events: TimeSpan.FromDays(90)), default);

        var rebuilt = await new Projections(Database).RebuildAsync(default);

        Assert.That(rebuilt.Runs, Is.EqualTo(1));
        Assert.That((await SamplesAsync("r-middle"), await SamplesAsync("r-new")), Is.EqualTo((4, 4)));
        Assert.That((await Runs.FindRunAsync("r-middle", default))!.CyclesDone, Is.EqualTo(2));
    }

    [Test]
    public async Task A_run_that_goes_on_loses_nothing_however_old_it_is()
    {
        var run = new RunScript("r-long", at: Now.AddDays(-400)).Cycle();
        await Orders.EnqueueAsync(new("r-long", 0, "kv58-1", "a.yaml", "sequence: a", null, null, 1, 1, null), new(), "tester", Now, default);
        var order = await Orders.LeaseNextAsync("kv58-1", Now, default);
        await Runs.AppendAsync([run.Batch(order!.Epoch)], default);

        Assert.That(await store.ApplyAsync(new Keeping(null, TimeSpan.FromDays(1), TimeSpan.FromDays(2)), default), Is.EqualTo(new Deleted(0, 0, 0)));
    }

    [Test]
    public async Task What_an_open_campaign_counts_and_writes_stays_until_its_goal_is_decided()
    {
        var campaigns = new CampaignStore(Database, TimeProvider.System);
        var image = await FileAsync(9, days: 400);
        var plan = new CampaignPlan("X", new CampaignGoal(0.1, 0.95, null, null), "a.yaml", "sequence: a", "a.bin", image, null, "kv58", [], 1, 5, null);
        await campaigns.AddAsync(new HilRig.Model.Campaigns.Campaign("c-1", plan, CampaignState.Paused, 0, "ann", Now, null, null), default);
        await Orders.EnqueueAsync(new("r-old", 0, "kv58-1", "a.yaml", "sequence: a", null, null, 2, 1, null), new(Campaign: "c-1"), "ann", Now, default);
        var order = await Orders.LeaseNextAsync("kv58-1", Now, default);
        await Runs.AppendAsync([new RunScript("r-old", at: Now.AddDays(-400)).Cycle().Cycle().End().Batch(order!.Epoch)], default);
        var all = new Keeping(TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(2));

        Assert.That(await store.ApplyAsync(all, default), Is.EqualTo(new Deleted(0, 0, 0)));
        await campaigns.ChangeStateAsync("c-1", CampaignState.Stopped, "enough", "ann", default);
        Assert.That(await store.ApplyAsync(all, default), Is.EqualTo(new Deleted(1, 0, 1)));
    }

    [Test]
    public async Task Evidence_goes_in_its_time_but_for_what_something_kept_names()
    {
        var (old, named, waiting, young) = (await FileAsync(1, days: 40), await FileAsync(2, days: 40), await FileAsync(3, days: 40), await FileAsync(4, days: 1));
        await RunAsync("r-old", days: 50, evidence: old);
        await RunAsync("r-kept", days: 50, evidence: named);
        await store.ProtectAsync("r-kept", "a bug report", "ann", default);
        await Orders.EnqueueAsync(new("r-1", 0, "kv58-1", "a.yaml", "sequence: a", "a.bin", waiting, 1, 1, null), new(), "tester", Now, default);

        var deleted = await store.ApplyAsync(new Keeping(Evidence: TimeSpan.FromDays(30)), default);

        Assert.That(deleted.Evidence, Is.EqualTo(1));
        Assert.That(new[] { old, named, waiting, young }.Select(artifacts.Contains), Is.EqualTo(new[] { false, true, true, true }));
    }

    [Test]
    public void Results_shorter_than_events_are_a_contradiction() => Assert.That(
        new Keeping(Events: TimeSpan.FromDays(9), Results: TimeSpan.FromDays(8)).Contradiction, Does.Contain("outlives"));

    private async Task RunAsync(string runId, int days, string? evidence = null)
    {
        var run = new RunScript(runId, at: Now.AddDays(-days)).Cycle()
            .Cycle(RunScript.CumulativeWrite, evidence: evidence is null ? null : [new("link-trace", "packets", "", null, evidence, 1)]).End();
        var results = await Runs.AppendAsync([run.Batch()], default);
        Assert.That(results[0].Refusal, Is.Null);
    }

    private async Task<string> FileAsync(byte content, int days)
    {
        var digest = await artifacts.SaveAsync(new[] { content }, default);
        File.SetLastWriteTimeUtc(Path.Combine(folder, digest), Now.AddDays(-days).UtcDateTime);
        Assert.That(digest, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData([content]))));
        return digest;
    }

    private async Task<int> EventsAsync(string runId) => (await Runs.ReadEventsAsync(runId, 0, 1000, default)).Count;

    private async Task<int> SamplesAsync(string runId)
    {
        var count = 0;
        await foreach (var _ in Runs.ReadSamplesAsync(runId, 0, default))
            count++;
        return count;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
