using HilRig.Analysis.Campaigns;
using HilRig.Model.Campaigns;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Campaigns;
using HilRig.Server.Storage;
using HilRig.Tests.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace HilRig.Tests.Server.Campaigns;

/// <summary>What campaigns promise on every database.</summary>
public sealed class CampaignContract(DatabaseKind kind) : DatabaseFixture(kind)
{
    private static readonly PlaceInfo[] Places = [new("kv58-1", "kv58", ["probe"]), new("kv58-2", "kv58", ["probe"]), new("kv58-3", "kv58", []), new("k64-1", "k64", ["probe"])];
    private static readonly CampaignPlan Plan = new("X", new(0.05, 0.95, null, null), "a.yaml", "sequence: a", null, null, "2.0.0+1f0c", "kv58", ["probe"], 1, 25, null);

    private CampaignStore Campaigns => new(Database, TimeProvider.System);

    [SetUp]
    public Task Enlist() => Orders.SavePlacesAsync("bench-1", Places, default);

    [Test]
    public async Task It_is_split_into_one_run_for_each_fitting_idle_place_and_no_more_than_the_goal_needs()
    {
        await AddAsync("c-1", Plan);
        await DeskOf(Database).PlanAsync(Places, default);
        await DeskOf(Database).PlanAsync(Places, default);

        var orders = await Orders.ListWaitingAsync(default);

        Assert.That(orders.Select(order => (order.Order.Place, order.Order.Cycles)), Is.EquivalentTo(new[] { ("kv58-1", (int?)25), ("kv58-2", (int?)25) }), "59 cycles, 25 a run");
        foreach (var order in orders)
            await RunAsync(order.Order, 25);
        await DeskOf(Database).PlanAsync(Places, default);
        Assert.That((await Orders.ListWaitingAsync(default)).Sum(order => order.Order.Cycles), Is.EqualTo(9));
    }

    [Test]
    public async Task Its_figures_are_those_of_the_stored_cycles_also_after_a_rebuild()
    {
        await AddAsync("c-1", Plan);
        await DeskOf(Database).PlanAsync(Places, default);
        foreach (var order in await Orders.ListWaitingAsync(default))
            await RunAsync(order.Order, 20, failAt: order.Order.Place == "kv58-1" ? 7 : 0);
        var before = await ProgressAsync("c-1");

        await new Projections(Database).RebuildAsync(default);
        await ReopenAsync();
        var after = await ProgressAsync("c-1");

        Assert.That((before.Done, before.Rate.Failures, before.Boards, before.RunsOver), Is.EqualTo((40L, 1, 2, 2)));
        Assert.That(StoredText.ToJson(after), Is.EqualTo(StoredText.ToJson(before)));
    }

    [Test]
    public async Task It_is_missed_by_the_failure_that_is_one_too_many_and_calls_its_other_runs_back()
    {
        await AddAsync("c-1", Plan);
        await DeskOf(Database).PlanAsync(Places, default);
        var first = (await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default))!;
        await Runs.AppendAsync([new RunScript(first.RunId, first.Place).Cycle().Cycle(RunScript.CumulativeWrite).Batch(first.Epoch)], default);

        await DeskOf(Database).PlanAsync(Places, default);

        var campaign = (await Campaigns.FindAsync("c-1", default))!.Campaign;
        Assert.That((campaign.State, campaign.Because), Is.EqualTo((CampaignState.Missed, "1 of 2 cycles failed; the goal allows 0")));
        Assert.That((await Orders.FindOrderAsync(first.RunId, default))!.StopRequested, Is.True);
        Assert.That(await Orders.ListWaitingAsync(default), Is.Empty);
    }

    [Test]
    public async Task Campaigns_of_one_priority_take_turns_and_a_higher_one_goes_first()
    {
        await AddAsync("c-1", Plan);
        await AddAsync("c-2", Plan);
        await AddAsync("c-low", Plan, priority: -1);
        var turns = new List<string?>();
        for (var turn = 0; turn < 4; turn++)
        {
            await DeskOf(Database).PlanAsync(Places[..1], default);
            var order = (await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default))!;
            turns.Add(await CampaignOfAsync(order.RunId));
            await RunAsync(order, 2);
        }

        Assert.That(turns, Is.EqualTo(new[] { "c-1", "c-2", "c-1", "c-2" }));
        Assert.That(await Campaigns.PrioritiseAsync("c-low", 7, "ann", default), Is.True);
        await DeskOf(Database).PlanAsync(Places[..1], default);
        Assert.That(await CampaignOfAsync((await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default))!.RunId), Is.EqualTo("c-low"));
    }

    [Test]
    public async Task Pages_of_the_list_neither_repeat_nor_miss_a_campaign()
    {
        for (var number = 1; number <= 5; number++)
            await AddAsync($"c-{number}", Plan);
        await Campaigns.ChangeStateAsync("c-3", CampaignState.Stopped, "enough", "ann", default);

        var first = await Campaigns.ListAsync(null, null, 2, default);
        await AddAsync("c-6", Plan);
        var second = await Campaigns.ListAsync(null, first[^1].Campaign.Id, 2, default);

        Assert.That(first.Concat(second).Select(stored => stored.Campaign.Id), Is.EqualTo(new[] { "c-5", "c-4", "c-3", "c-2" }));
        Assert.That((await Campaigns.ListAsync(CampaignState.Stopped, null, 9, default)).Select(stored => stored.Campaign.Id), Is.EqualTo(new[] { "c-3" }));
    }

    [Test]
    public async Task Two_servers_that_plan_at_once_order_no_cycle_twice()
    {
        if (Kind is DatabaseKind.Sqlite)
            Assert.Pass("one server holds an SQLite file");
        using var other = await OpenAnotherAsync();
        for (var round = 0; round < 5; round++)
        {
            var id = $"c-{round}";
            await AddAsync(id, Plan with { CyclesPerRun = 40 });
            await Task.WhenAll(DeskOf(Database).PlanAsync(Places, default), DeskOf(other).PlanAsync(Places, default));

            Assert.That((await Campaigns.ReadRunsAsync(id, default)).Sum(run => run.Expected), Is.EqualTo(59));
            await DeskOf(other).StopAsync(id, "ann", default);
        }
    }

    private static CampaignDesk DeskOf(IDatabase on) => new(new CampaignStore(on, TimeProvider.System), new OrderStore(on), TimeProvider.System, NullLogger<CampaignDesk>.Instance);

    private Task AddAsync(string id, CampaignPlan plan, int priority = 0) =>
        Campaigns.AddAsync(new HilRig.Model.Campaigns.Campaign(id, plan, CampaignState.Running, priority, "ann", RunScript.Evening, null, null), default);

    private async Task<CampaignProgress> ProgressAsync(string id)
    {
        var stored = (await Campaigns.FindAsync(id, default))!;
        return CampaignCount.Of(stored.Campaign.Plan, await Campaigns.ReadRunsAsync(id, default), stored.ResumedAt);
    }

    private async Task<string?> CampaignOfAsync(string runId)
    {
        foreach (var stored in await Campaigns.ListAsync(null, null, 10, default))
        {
            if ((await Campaigns.ReadRunsAsync(stored.Campaign.Id, default)).Any(run => run.RunId == runId))
                return stored.Campaign.Id;
        }
        return null;
    }

    /// <summary>Leases the order's place where that is not done, and sends the whole run.</summary>
    private async Task RunAsync(RunOrder order, int cycles, int failAt = 0)
    {
        var leased = order.Epoch > 0 ? order : (await Orders.LeaseNextAsync(order.Place, RunScript.Evening, default))!;
        var run = new RunScript(leased.RunId, leased.Place, cycles);
        for (var cycle = 1; cycle <= cycles; cycle++)
            run.Cycle(cycle == failAt ? RunScript.CumulativeWrite : null);
        var results = await Runs.AppendAsync([run.End().Batch(leased.Epoch)], default);
        Assert.That(results[0].Refusal, Is.Null);
    }
}
