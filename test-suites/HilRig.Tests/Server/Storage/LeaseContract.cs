using HilRig.Model.Rig;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>What every order store promises of priorities, needs, heartbeats and hard ends.</summary>
public sealed class LeaseContract(DatabaseKind kind) : DatabaseFixture(kind)
{
    private static readonly DateTimeOffset Now = RunScript.Evening;

    [SetUp]
    public Task Enlist() =>
        Orders.SavePlacesAsync("bench-1", [new("kv58-1", "kv58", ["probe", "slow"]), new("k64-1", "k64", [])], default);

    [Test]
    public async Task The_higher_priority_goes_first_and_then_the_older_order()
    {
        foreach (var (runId, priority) in new[] { ("r-1", 0), ("r-2", 5), ("r-3", -1), ("r-4", 5) })
            await EnqueueAsync(runId, "kv58-1", new(priority));

        Assert.That((await Orders.ListWaitingAsync(default)).Select(order => order.Order.RunId), Is.EqualTo(new[] { "r-2", "r-4", "r-1", "r-3" }));
        foreach (var expected in new[] { "r-2", "r-4", "r-1", "r-3" })
        {
            Assert.That((await LeaseAsync("kv58-1"))!.RunId, Is.EqualTo(expected));
            await Orders.CloseAsync(expected, OrderState.Ended, "done", Now, default);
        }
    }

    [Test]
    public async Task An_order_without_a_place_goes_to_one_that_has_what_it_needs_and_carries_its_name()
    {
        await EnqueueAsync("r-1", "", new(Needs: new("kv58", ["probe"])));
        await EnqueueAsync("r-2", "", new(Needs: new("kv58", ["fast"])));

        Assert.That(await LeaseAsync("k64-1"), Is.Null);
        Assert.That(await LeaseAsync("never-announced"), Is.Null);
        var order = await LeaseAsync("kv58-1");

        Assert.That((order!.RunId, order.Place), Is.EqualTo(("r-1", "kv58-1")));
        Assert.That((await Orders.FindHolderAsync("kv58-1", default))!.Order.Place, Is.EqualTo("kv58-1"));
        await Orders.CloseAsync("r-1", OrderState.Ended, "done", Now, default);
        Assert.That(await LeaseAsync("kv58-1"), Is.Null, "nobody is fast");
    }

    [TestCase("kv58-1"), TestCase(PauseStore.All)]
    public async Task A_paused_place_gets_no_run_until_the_pause_ends(string paused)
    {
        var pauses = new PauseStore(Database, TimeProvider.System);
        await EnqueueAsync("r-1", "kv58-1", new());
        await pauses.PauseAsync(paused, "cable is loose", "ann", default);

        Assert.That(await LeaseAsync("kv58-1"), Is.Null);
        Assert.That((await pauses.ListAsync(default))[paused], Is.EqualTo("paused by ann: cable is loose"));
        await pauses.ResumeAsync(paused, "ann", default);

        Assert.That(await LeaseAsync("kv58-1"), Is.Not.Null);
    }

    [Test]
    public async Task A_holder_that_is_heard_of_keeps_its_place_and_one_that_is_not_loses_it()
    {
        await EnqueueAsync("r-1", "kv58-1", new());
        await EnqueueAsync("r-2", "k64-1", new());
        var begun = await LeaseAsync("kv58-1");
        await LeaseAsync("k64-1");
        await AppendAsync(new RunScript("r-1").Cycle(), begun!.Epoch);

        await Orders.KeepLeasesAsync([("kv58-1", Now.AddSeconds(20))], default);
        var expired = await Orders.ExpireLeasesAsync(Now.AddSeconds(10), Now.AddSeconds(40), default);

        Assert.That(expired, Is.EqualTo(new[] { "r-2" }));
        Assert.That((await Orders.FindOrderAsync("r-2", default))!.State, Is.EqualTo(OrderState.Queued), "it had not begun");
        Assert.That((await Orders.FindOrderAsync("r-1", default))!.State, Is.EqualTo(OrderState.Leased));
        Assert.That(await Orders.ExpireLeasesAsync(Now.AddSeconds(30), Now.AddSeconds(60), default), Is.EqualTo(new[] { "r-1" }));
        Assert.That((await Orders.FindOrderAsync("r-1", default))!.State, Is.EqualTo(OrderState.Lost));
        Assert.That((await Runs.FindRunAsync("r-1", default))!.Ended!.Message, Does.Contain("not heard of"));
    }

    [Test]
    public async Task A_run_that_was_given_up_gets_its_place_back_unless_somebody_had_it_since()
    {
        await EnqueueAsync("r-1", "kv58-1", new());
        var first = await LeaseAsync("kv58-1");
        await AppendAsync(new RunScript("r-1").Cycle(), first!.Epoch);
        await Orders.ExpireLeasesAsync(Now.AddSeconds(30), Now.AddSeconds(60), default);

        Assert.That(await Orders.ReviveAsync("r-1", "kv58-1", Now, default), Is.True);
        Assert.That(await Orders.ReviveAsync("r-1", "kv58-1", Now, default), Is.False, "it has it");
        Assert.That((await Runs.FindRunAsync("r-1", default))!.Ended, Is.Null);

        await Orders.ExpireLeasesAsync(Now.AddSeconds(30), Now.AddSeconds(60), default);
        await EnqueueAsync("r-2", "kv58-1", new());
        await LeaseAsync("kv58-1");
        Assert.That(await Orders.ReviveAsync("r-1", "kv58-1", Now, default), Is.False);
        Assert.That((await AppendAsync(new RunScript("r-1").Cycle().Cycle(), first.Epoch)).Refusal, Does.Contain("stale"));
        await Orders.CloseAsync("r-2", OrderState.Ended, "done", Now, default);
        Assert.That(await Orders.ReviveAsync("r-1", "kv58-1", Now, default), Is.False, "the epoch is another");
    }

    [Test]
    public async Task An_order_that_moved_to_another_place_is_fenced_although_both_count_the_same_epoch()
    {
        await Orders.SavePlacesAsync("bench-1", [new("kv58-2", "kv58", ["probe"])], default);
        await EnqueueAsync("r-1", "", new(Needs: new("kv58", [])));
        var first = await LeaseAsync("kv58-1");
        await Orders.ExpireLeasesAsync(Now.AddSeconds(30), Now.AddSeconds(60), default);
        var second = await LeaseAsync("kv58-2");
        Assert.That((second!.RunId, second.Epoch), Is.EqualTo(("r-1", first!.Epoch)));

        Assert.That((await AppendAsync(new RunScript("r-1", "kv58-1").Cycle(), first.Epoch)).Refusal, Does.Contain("given to kv58-2"));
        Assert.That((await AppendAsync(new RunScript("r-1", "kv58-2").Cycle(), second.Epoch)).Refusal, Is.Null);
    }

    [Test]
    public async Task An_order_beyond_its_hard_end_is_listed_as_overdue()
    {
        await EnqueueAsync("r-1", "kv58-1", new(Until: Now.AddHours(8)));
        await EnqueueAsync("r-2", "k64-1", new());
        await LeaseAsync("kv58-1");
        await LeaseAsync("k64-1");

        Assert.That(await Orders.ListOverdueAsync(Now.AddHours(7), default), Is.Empty);
        Assert.That((await Orders.ListOverdueAsync(Now.AddHours(8), default)).Select(order => order.Order.RunId), Is.EqualTo(new[] { "r-1" }));
        Assert.That((await Orders.ListOverdueAsync(Now + OrderTerms.LongestLease, default)), Has.Count.EqualTo(2), "no lease is for ever");
    }

    private Task EnqueueAsync(string runId, string place, OrderTerms terms) =>
        Orders.EnqueueAsync(new(runId, 0, place, "a.yaml", "sequence: a", null, null, 1, 1, null), terms, "tester", Now, default);

    private Task<RunOrder?> LeaseAsync(string place) => Orders.LeaseNextAsync(place, Now, default);

    private async Task<AppendResult> AppendAsync(RunScript run, long epoch) => (await Runs.AppendAsync([run.Batch(epoch)], default))[0];
}
