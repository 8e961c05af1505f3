using System.Net;
using System.Net.Sockets;
using System.Text;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Agents;
using HilRig.Server.Operations;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>Events as a stream: many batches under way, an answer to each, at servers and agents of either age, beside readers that do not read.</summary>
public sealed class StreamTests
{
    private static readonly string[] Places = ["kv58-1"];
    private TestServer server = null!;

    [SetUp]
    public async Task Start() => server = await TestServer.StartAsync();

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task Batches_under_way_are_answered_in_order_and_a_refused_one_hinders_no_other()
    {
        await using var agent = await TestAgent.ConnectAsync(server);
        await using var lane = await agent.OpenLaneAsync("bench-1", Places);
        var run = Long("r-1", cycles: 200);
        var stray = new RunScript("r-2").Cycle();

        var answers = new List<Task<long>>();
        for (var skip = 0; skip < run.Events.Count; skip += 100)
            answers.Add(await lane.SendAsync(run.Batch(skip: skip, take: 100), default));
        var refused = await lane.SendAsync(new EventBatch("r-1", 0, stray.Events), default);
        var gap = await lane.SendAsync(stray.Batch(skip: 3), default);
        answers.Add(await lane.SendAsync(stray.Batch(), default));

        Assert.That(await agent.AppendAsync(new RunScript("r-3").Cycle().Batch()), Is.EqualTo(7), "the stream is in no other call's way");
        Assert.That(lane.Window, Is.EqualTo(HubContract.Window));
        var numbers = await Task.WhenAll(answers);
        Assert.That(numbers[..^1], Is.EqualTo(Enumerable.Range(1, numbers.Length - 1).Select(number => Math.Min(run.Events.Count, 100L * number))));
        Assert.That(numbers[^1], Is.EqualTo(stray.Events.Count));
        Assert.That(async () => await refused, Throws.InstanceOf<HubException>().With.Message.Contains("a batch is of one run"));
        Assert.That(await gap, Is.Zero, "what does not continue the run waits for what does");
        Assert.That(await server.Service<IRunStore>().FindPositionAsync("r-1", default), Is.EqualTo(run.Events.Count));
    }

    [Test]
    public async Task A_server_from_before_the_stream_gets_one_batch_after_the_other()
    {
        await using var agent = await TestAgent.ConnectAsync(server);
        // An older server's welcome names no window.
        var old = (await agent.HelloAsync("bench-1", Places, [])) with { Window = 0 };
        await using var lane = agent.OpenLane(old);
        var run = Long("r-1", cycles: 5);

        var answer = await lane.SendAsync(run.Batch(), default);

        Assert.That((lane.Window, await answer), Is.EqualTo((1, (long)run.Events.Count)));
    }

    [Test]
    public async Task An_agent_from_before_the_stream_is_served_call_by_call_and_reads_a_newer_welcome()
    {
        await using var agent = await TestAgent.ConnectAsync(server);

        var welcome = await agent.HelloAsOldAgentAsync("bench-1", Places);

        Assert.That(welcome.Refusal, Is.Null);
        Assert.That(await agent.AppendAsync(new RunScript("r-1").Cycle().Batch()), Is.EqualTo(7));
    }

    [Test]
    public async Task An_event_that_the_server_does_not_know_is_refused_with_its_type_and_the_others_go_on()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);

        Assert.That(
            async () => await agent.AppendRawAsync(new { runId = "r-1", epoch = 0, events = new[] { new { runId = "r-1", number = 1, at = RunScript.Evening, body = new { type = "step-teleported" } } } }),
            Throws.InstanceOf<HubException>().With.Message.Contains("step-teleported"));

        Assert.That(await agent.AppendAsync(new RunScript("r-2").Cycle().Batch()), Is.EqualTo(7));
    }

    [Test]
    public async Task On_the_stream_such_an_event_ends_neither_the_stream_nor_the_other_runs()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        object[] batches =
        [
            new { runId = "r-1", epoch = 0, events = new[] { new { runId = "r-1", number = 1, at = RunScript.Evening, body = new { type = "step-teleported" } } } },
            new { epoch = 0 },
            new RunScript("r-2").Cycle().Batch(),
        ];

        var answers = await agent.AppendManyRawAsync(batches);

        Assert.That(answers.Select(answer => answer.RunId), Is.EqualTo(new[] { "r-1", "", "r-2" }));
        Assert.That(answers[0].Refusal, Does.Contain("cannot read it").And.Contain("step-teleported"));
        Assert.That(answers[1].Refusal, Does.Contain("needs runId and events"));
        Assert.That((answers[2].Number, answers[2].Refusal), Is.EqualTo((7L, (string?)null)));
    }

    [Test]
    public async Task Readers_that_do_not_read_slow_no_event_down()
    {
        var big = Long("r-big", cycles: 3_000);
        await server.StoreAsync(big);
        var sleepers = new List<Socket>();
        for (var number = 0; number < 8; number++)
        {
            sleepers.Add(await AskAndSleepAsync("/live"));
            sleepers.Add(await AskAndSleepAsync("/api/v1/runs/r-big/events?limit=10000"));
        }
        await using var agent = await TestAgent.ConnectAsync(server);
        await using var lane = await agent.OpenLaneAsync("bench-1", Places);
        var run = Long("r-1", cycles: 2_000);
        var answers = new Queue<Task<long>>();
        for (var skip = 0; skip < run.Events.Count; skip += 100)
        {
            if (answers.Count == lane.Window)
                await answers.Dequeue().WaitAsync(TimeSpan.FromSeconds(20));
            answers.Enqueue(await lane.SendAsync(run.Batch(skip: skip, take: 100), default));
        }

        var last = await answers.Last().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(last, Is.EqualTo(run.Events.Count));
        Assert.That(sleepers.TrueForAll(sleeper => sleeper.Connected), "they were there all the time");
        sleepers.ForEach(sleeper => sleeper.Dispose());
    }

    [Test]
    public async Task A_batch_that_the_database_does_not_take_hinders_none_of_those_that_wait_with_it()
    {
        await server.Service<IDatabase>().WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync("CREATE TRIGGER poison BEFORE INSERT ON run WHEN NEW.run_id = 'r-7' BEGIN SELECT RAISE(ABORT, 'poison'); END", transaction: transaction), default);
        var ingest = server.Service<IngestWriter>();

        var stored = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => ingest.EnqueueAsync(PreparedBatch.Of(new RunScript($"r-{number}").Cycle().Batch()), default)));

        Assert.That(async () => await stored[7], Throws.InstanceOf<SqliteException>().With.Message.Contains("poison"));
        Assert.That((await Task.WhenAll(stored.Where((_, number) => number != 7))).Select(result => result.Position), Is.All.EqualTo(7));
        Assert.That(async () => await ingest.AppendAsync(new RunScript("r-7").Cycle().Batch(), default), Throws.InstanceOf<SqliteException>());
        Assert.That(server.Service<DiskRoom>().Refusal, Is.Null, "rows that are not taken say nothing of the disk");
    }

    [Test]
    public async Task A_disk_that_cannot_be_written_refuses_orders_in_words_and_is_read()
    {
        await server.StoreAsync(new RunScript("r-1").Cycle().End());
        await server.Service<IDatabase>().WriteAsync(transaction => transaction.Connection!.ExecuteAsync("PRAGMA query_only = 1", transaction: transaction), default);

        using var response = await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequence = "sequence: a\nboard: kv58\nsteps: [ping]", sequenceName = "a.yaml" });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InsufficientStorage));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("cannot be stored").And.Contain("what is stored can be read"));
        Assert.That((await server.GetAsync<List<RunSummary>>("/api/v1/runs")).Single().RunId, Is.EqualTo("r-1"));
        Assert.That(async () => await server.Service<IngestWriter>().AppendAsync(new RunScript("r-2").Cycle().Batch(), default), Throws.InstanceOf<SqliteException>());
        Assert.That(await (await server.Http.GetAsync("/readyz")).Content.ReadAsStringAsync(), Does.Contain("events cannot be stored"));
    }

    [Test]
    public async Task A_failure_is_a_flag_within_a_second_of_its_event()
    {
        await server.StoreAsync(Long("r-before", cycles: 1_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await server.StoreAsync(new RunScript("r-1").Cycle(RunScript.CumulativeWrite));

        var flags = await server.GetAsync<List<HilRig.Model.Flags.Flag>>("/api/v1/flags");

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(flags.Single().Fingerprint.Code, Is.EqualTo("10203"));
    }

    [Test]
    public async Task Telemetry_is_shown_dropped_beyond_its_rate_and_counted_and_events_go_on()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        await agent.TellAsync(new TelemetryBatch(2, [.. Enumerable.Range(0, 3 * TelemetryBoard.MostSamples).Select(number => new TelemetrySample(RunScript.Evening, "kv58-1", "rail.volts", number))]));

        Assert.That(await agent.AppendAsync(new RunScript("r-1").Cycle().Batch()), Is.EqualTo(7));

        var metrics = await server.Http.GetStringAsync("/metrics");
        Assert.That(metrics, Does.Contain($"hilrig_telemetry_value{{agent=\"bench-1\",name=\"rail.volts\",place=\"kv58-1\"}} {TelemetryBoard.MostSamples - 1}\n"));
        Assert.That(metrics, Does.Contain($"hilrig_telemetry_dropped_total{{agent=\"bench-1\"}} {2 + (2 * TelemetryBoard.MostSamples)}\n"), "the agent's and the server's");
    }

    private static RunScript Long(string runId, int cycles) => new RunScript(runId).Cycles(cycles).End();

    /// <summary>A browser that asks for a page, and then stands still with a small buffer.</summary>
    private async Task<Socket> AskAndSleepAsync(string path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Url.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return socket;
    }
}
