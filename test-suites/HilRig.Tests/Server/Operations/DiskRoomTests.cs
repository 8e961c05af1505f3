using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Operations;
using HilRig.Server.Storage;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace HilRig.Tests.Server.Operations;

/// <summary>A disk without room: no new runs, said everywhere, and everything stored is read.</summary>
public sealed class DiskRoomTests
{
    private static readonly RunRequest Request = new("sequence: a\nboard: kv58\nsteps: [ping]", "a.yaml", "kv58-1");

    [Test]
    public async Task Without_room_orders_are_refused_waiting_ones_wait_and_pages_are_read_until_there_is_room()
    {
        var free = DiskRoom.LeastBytes;
        await using var server = await TestServer.StartAsync(freeBytes: _ => free);
        await server.StoreAsync(new RunScript("r-1").Cycle());
        using var ordered = await server.PostAsync("/api/v1/runs", Request);
        var waiting = (await ordered.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options))!.RunId;

        free = DiskRoom.LeastBytes - 1;
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);

        using var refused = await server.PostAsync("/api/v1/runs", Request);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.InsufficientStorage));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("make room"));
        Assert.That((await server.GetAsync<List<QueuedRun>>("/api/v1/queue")).Single().Waiting, Does.Contain("MB left"));
        Assert.That(await (await server.Http.GetAsync("/readyz")).Content.ReadAsStringAsync(), Does.Contain("MB left"));
        Assert.That(await server.GetAsync<List<RunSummary>>("/api/v1/runs"), Has.Count.EqualTo(1));
        Assert.That(await agent.HasNoOrderAsync("bench-1", ["kv58-1"]), Is.True);

        free = DiskRoom.LeastBytes;
        await server.Service<HilRig.Server.Dispatch.Dispatcher>().FillAsync(default);
        Assert.That((await agent.NextOrderAsync()).RunId, Is.EqualTo(waiting));
    }

    [Test]
    public async Task A_database_that_cannot_grow_refuses_new_runs_loses_nothing_and_takes_the_events_when_it_can()
    {
        await using var server = await TestServer.StartAsync();
        var ingest = server.Service<IngestWriter>();
        var run = new RunScript("r-1").Cycle();
        await ingest.AppendAsync(run.Batch(), default);
        await LimitAsync(server, pages: 1);
        for (var cycle = 0; cycle < 400; cycle++)
            run.Cycle();

        Assert.That(() => ingest.AppendAsync(run.Batch(), default), Throws.InstanceOf<SqliteException>().With.Message.Contains("full"));

        using var refused = await server.PostAsync("/api/v1/runs", Request);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.InsufficientStorage));
        Assert.That(await server.Service<IRunStore>().FindPositionAsync("r-1", default), Is.EqualTo(7), "all of a batch or nothing");
        await LimitAsync(server, pages: 1 << 20);
        Assert.That((await ingest.AppendAsync(run.Batch(), default)).Position, Is.EqualTo(run.Events.Count));
        using var accepted = await server.PostAsync("/api/v1/runs", Request);
        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task What_must_be_stored_before_events_is_taken_although_the_last_events_were_not()
    {
        await using var server = await TestServer.StartAsync();
        await FillAsync(server);

        using var evidence = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new("application/octet-stream") } };
        using var taken = await server.Http.PutAsync($"/api/v1/artifacts/{Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))}", evidence);

        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), "an agent sends it before the events whose success would end the refusal");
    }

    [Test]
    public async Task A_failure_that_no_agent_tries_again_does_not_refuse_runs_for_ever()
    {
        var clock = new HandClock();
        await using var server = await TestServer.StartAsync(time: clock);
        await FillAsync(server);
        await LimitAsync(server, pages: 1 << 20);
        using var refused = await server.PostAsync("/api/v1/runs", Request);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.InsufficientStorage));

        clock.Move(DiskRoom.Memory);

        using var accepted = await server.PostAsync("/api/v1/runs", Request);
        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    private static async Task FillAsync(TestServer server)
    {
        await LimitAsync(server, pages: 1);
        var run = new RunScript("r-1");
        for (var cycle = 0; cycle < 400; cycle++)
            run.Cycle();
        Assert.That(() => server.Service<IngestWriter>().AppendAsync(run.Batch(), default), Throws.InstanceOf<SqliteException>());
    }

    /// <summary>SQLite's own limit of a file's size answers as a full disk does; a limit below the size stands at the size.</summary>
    private static Task<int> LimitAsync(TestServer server, int pages) => server.Service<IDatabase>().WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync($"PRAGMA max_page_count = {pages}", transaction: transaction), default);
}
