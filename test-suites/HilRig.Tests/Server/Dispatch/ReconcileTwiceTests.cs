using System.Net.Http.Json;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Dispatch;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Dispatch;

/// <summary>The reconcile table by agents that come back: its one action, and that coming back once more changes nothing.</summary>
public sealed class ReconcileTwiceTests(DatabaseKind kind) : ServerFixture(kind)
{
    private static readonly string[] Places = ["kv58-1"];
    private readonly HandClock time = new();

    private protected override Task<TestServer> StartAsync(DatabaseAddress? database) => TestServer.StartAsync(database, time);

    [TestCase(Settlement.HandOver, OrderState.Leased)]
    [TestCase(Settlement.Leave, OrderState.Leased, true, false, true)]
    [TestCase(Settlement.AskToStop, OrderState.Leased, true, true, true)]
    [TestCase(Settlement.Cancel, OrderState.Cancelled, false, true)]
    [TestCase(Settlement.GiveUp, OrderState.Lost, true)]
    [TestCase(Settlement.Revive, OrderState.Leased, true, false, true, true)]
    public async Task Coming_back_twice_is_coming_back_once(Settlement settlement, OrderState expected, bool begun = false, bool stop = false, bool held = false, bool expired = false)
    {
        string first, second;
        await using (var agent = await TestAgent.ArriveAsync(Server, Places))
        {
            (first, second) = (await OrderAsync(), await OrderAsync());
            var order = await agent.NextOrderAsync();
            if (begun)
                await agent.AppendAsync(new RunScript(first).Cycle().Batch(order.Epoch));
        }
        await AwayAsync();
        if (stop)
            (await Server.PostAsync($"/api/v1/runs/{first}/stop", new { })).EnsureSuccessStatusCode();
        if (expired)
        {
            time.Move(3 * LeaseClock.Beat);
            await Server.Service<LeaseClock>().BeatAsync(default);
        }
        RunPosition[] runs = held ? [new RunPosition(first, 7)] : [];

        var once = await ComeBackAsync(runs);
        Assert.That(once[first], Does.StartWith($"{expected} "), settlement.ToString());
        Assert.That(once[second], Does.StartWith(expected is OrderState.Leased ? "Queued " : "Leased "), "what frees the place fills it");

        Assert.That(await ComeBackAsync(runs), Is.EqualTo(once), settlement.ToString());
    }

    /// <summary>Each order's state, epoch and place, as one arrival leaves them; the connection is gone again.</summary>
    private async Task<Dictionary<string, string>> ComeBackAsync(RunPosition[] runs)
    {
        Dictionary<string, string> orders;
        await using (await TestAgent.ArriveAsync(Server, Places, runs))
        {
            await using var reader = await Server.Service<IDatabase>().OpenReaderAsync(default);
            orders = (await reader.QueryAsync<(string Run, string State, long Epoch, string Place, string? Holder)>(
                "SELECT o.run_id, o.state, o.epoch, o.place, l.run_id FROM run_order o LEFT JOIN lease l ON l.place = o.place"))
                .ToDictionary(row => row.Run, row => $"{char.ToUpperInvariant(row.State[0])}{row.State[1..]} {row.Epoch} {row.Place} held by {row.Holder}");
        }
        await AwayAsync();
        return orders;
    }

    private Task AwayAsync() => Task.Run(() => Assert.That(() => Server.GetAsync<List<PlaceState>>("/api/v1/places").Result[0].AgentConnected, Is.False.After(10_000, 20)));

    private async Task<string> OrderAsync()
    {
        using var response = await Server.PostAsync("/api/v1/runs", new RunRequest("sequence: ping\nboard: kv58\nsteps:\n  - ping\n", "ping.yaml", "kv58-1"));
        return (await response.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options))!.RunId;
    }
}
