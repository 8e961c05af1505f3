using HilRig.Model.Rig;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>What every order store promises: the queue's order, one holder a place, epochs that only grow.</summary>
public sealed class OrderStoreContract(DatabaseKind kind) : DatabaseFixture(kind)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 21, 22, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task A_place_is_given_to_the_oldest_order_and_to_nobody_else_meanwhile()
    {
        await EnqueueAsync("r-1", "r-2");

        var first = await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        await ReopenAsync();

        Assert.That((first!.RunId, first.Epoch), Is.EqualTo(("r-1", 1L)));
        Assert.That(await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default), Is.Null);
        Assert.That((await Orders.FindHolderAsync("kv58-1", default))!.Order, Is.EqualTo(first));
        Assert.That(await Orders.LeaseNextAsync("kv58-2", RunScript.Evening, default), Is.Null);
    }

    [Test]
    public async Task The_last_event_frees_the_place_and_the_next_lease_has_a_higher_epoch()
    {
        await EnqueueAsync("r-1", "r-2");
        var first = await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        await AppendAsync(new RunScript("r-1").Cycle().End(), first!.Epoch);

        var second = await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);

        Assert.That((second!.RunId, second.Epoch), Is.EqualTo(("r-2", 2L)));
        Assert.That((await Orders.FindOrderAsync("r-1", default))!.State, Is.EqualTo(OrderState.Ended));
    }

    [Test]
    public async Task A_stale_epoch_writes_nothing()
    {
        await EnqueueAsync("r-1");
        var order = await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        var run = new RunScript("r-1").Cycle();

        var result = await AppendAsync(run, order!.Epoch + 1);

        Assert.That(result.Refusal, Does.Contain("stale"));
        Assert.That(await Runs.FindPositionAsync("r-1", default), Is.Zero);
    }

    [Test]
    public async Task A_run_that_was_given_up_shows_it_and_is_fenced_once_its_place_is_given_on()
    {
        await EnqueueAsync("r-1", "r-2");
        var order = await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        var run = new RunScript("r-1").Cycle();
        await AppendAsync(run, order!.Epoch);
        await Orders.CloseAsync("r-1", OrderState.Lost, "the agent came back without it", Now, default);
        Assert.That((await Runs.FindRunAsync("r-1", default))!.Ended!.Reason, Is.EqualTo(HilRig.Model.Runs.EndReason.AgentLost));

        await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        var fresh = await AppendAsync(run.Cycle(), order.Epoch);
        var fromDisk = await AppendAsync(run, 0);

        Assert.That(new[] { fresh.Refusal, fromDisk.Refusal }, Has.All.Contain("given to another run"));
    }

    [Test]
    public async Task A_run_that_was_given_up_and_speaks_again_in_time_holds_its_place_again()
    {
        await EnqueueAsync("r-1", "r-2");
        var order = await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        var run = new RunScript("r-1").Cycle();
        await AppendAsync(run, order!.Epoch);
        await Orders.CloseAsync("r-1", OrderState.Lost, "the agent came back without it", Now, default);

        Assert.That((await AppendAsync(run.Cycle(), order.Epoch)).Refusal, Is.Null);

        Assert.That(await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default), Is.Null);
        Assert.That((await Runs.FindRunAsync("r-1", default))!.IsRunning);
    }

    [Test]
    public async Task An_agent_that_was_killed_may_finish_from_its_disk_without_knowing_its_epoch()
    {
        await EnqueueAsync("r-1");
        await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);

        Assert.That((await AppendAsync(new RunScript("r-1").Cycle().End(), 0)).Ended);
    }

    [Test]
    public async Task Only_runs_without_events_wait_and_a_cancelled_one_waits_no_more()
    {
        await EnqueueAsync("r-1", "r-2", "r-3");
        var order = await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        Assert.That(await WaitingAsync(), Is.EqualTo(new[] { "r-1", "r-2", "r-3" }));

        await AppendAsync(new RunScript("r-1"), order!.Epoch);
        await Orders.CloseAsync("r-2", OrderState.Cancelled, "stopped", Now, default);

        Assert.That(await WaitingAsync(), Is.EqualTo(new[] { "r-3" }));
    }

    [Test]
    public async Task Places_are_remembered_with_the_agent_that_last_announced_them()
    {
        await Orders.SavePlacesAsync("old", [new PlaceInfo("kv58-1", "kv58", [])], default);
        await Orders.SavePlacesAsync("new", [new PlaceInfo("kv58-1", "kv58", []), new PlaceInfo("kv58-2", "kv58", [])], default);
        await ReopenAsync();

        Assert.That(
            (await Orders.ListPlacesAsync(default)).Select(place => (place.Name, place.Agent)),
            Is.EqualTo(new[] { ("kv58-1", "new"), ("kv58-2", "new") }));
    }

    [Test]
    public async Task A_wish_to_stop_survives_a_restart()
    {
        await EnqueueAsync("r-1");
        await Orders.LeaseNextAsync("kv58-1", RunScript.Evening, default);
        await Orders.RequestStopAsync("r-1", "tester", RunScript.Evening, default);
        await ReopenAsync();

        Assert.That((await Orders.FindHolderAsync("kv58-1", default))!.StopRequested);
        Assert.That(await Orders.RequestStopAsync("r-9", "tester", RunScript.Evening, default), Is.Null);
    }

    private async Task EnqueueAsync(params string[] runIds)
    {
        foreach (var runId in runIds)
            await Orders.EnqueueAsync(new RunOrder(runId, 0, "kv58-1", "a.yaml", "sequence: a", null, null, 3, 1, null), new(), "tester", Now, default);
    }

    private async Task<AppendResult> AppendAsync(RunScript run, long epoch) => (await Runs.AppendAsync([run.Batch(epoch)], default))[0];

    private async Task<IEnumerable<string>> WaitingAsync() => (await Orders.ListWaitingAsync(default)).Select(order => order.Order.RunId);
}
