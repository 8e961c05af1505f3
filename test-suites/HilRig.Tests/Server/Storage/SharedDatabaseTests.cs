using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>Several servers on one PostgreSQL, without their networks: every one of them tries to take everything.</summary>
public sealed class SharedDatabaseTests
{
    private const int Orders = 120;
    private const int Places = 4;
    private const int Servers = 4;
    private TestDatabase database = null!;

    [SetUp]
    public async Task Open() => database = await TestDatabase.OpenAsync(DatabaseKind.Postgres);

    [TearDown]
    public void Close() => database?.Dispose();

    [Test]
    public async Task No_place_and_no_order_is_ever_handed_out_twice()
    {
        for (var order = 0; order < Orders; order++)
            await database.Orders.EnqueueAsync(new($"r-{order:000}", 0, $"kv58-{order % Places}", "a.yaml", "sequence: a", null, null, 1, order, null), new(), "tester", RunScript.Evening, default);
        var holders = new string?[Places];
        var taken = new System.Collections.Concurrent.ConcurrentBag<(string Run, string Place, long Epoch)>();

        await Task.WhenAll(Enumerable.Range(0, Servers).Select(async _ =>
        {
            using var server = await database.OpenAnotherAsync();
            var orders = new OrderStore(server);
            while (taken.Count < Orders)
            {
                for (var place = 0; place < Places; place++)
                {
                    if (await orders.LeaseNextAsync($"kv58-{place}", RunScript.Evening, default) is not { } order)
                        continue;
                    Assert.That(Interlocked.CompareExchange(ref holders[place], order.RunId, null), Is.Null, $"{order.Place} was given to {order.RunId} while another run held it");
                    taken.Add((order.RunId, order.Place, order.Epoch));
                    await Task.Yield();
                    holders[place] = null;
                    await orders.CloseAsync(order.RunId, OrderState.Ended, "done", RunScript.Evening, default);
                }
            }
        }));

        Assert.That(taken.Select(lease => lease.Run).Distinct().Count(), Is.EqualTo(Orders).And.EqualTo(taken.Count));
        Assert.That(taken.Select(lease => (lease.Place, lease.Epoch)).Distinct().Count(), Is.EqualTo(Orders), "an epoch fences one holder");
    }

    [Test]
    public async Task Batches_of_one_run_through_several_servers_give_the_run_as_it_was([Values(1, 2)] int seed)
    {
        var run = new RunScript("r-1");
        for (var cycle = 0; cycle < 60; cycle++)
            run.Cycle(cycle % 7 == 3 ? RunScript.CumulativeWrite : null);
        run.End();

        await Task.WhenAll(Enumerable.Range(0, Servers).Select(async number =>
        {
            using var server = await database.OpenAnotherAsync();
            var store = new RunStore(server);
            var random = new Random(seed * 100 + number);
            while (await store.FindPositionAsync("r-1", default) is var position && position < run.Events.Count)
                await store.AppendAsync([run.Batch(skip: Math.Max(0, (int)position - random.Next(30)), take: random.Next(1, 60))], default);
        }));

        var stored = await database.Runs.ReadEventsAsync("r-1", 0, 10_000, default);
        Assert.That(stored.Select(StoredText.ToJson), Is.EqualTo(run.Events.Select(StoredText.ToJson)));
        Assert.That((await database.Runs.FindRunAsync("r-1", default))!.CyclesDone, Is.EqualTo(60));
    }
}
