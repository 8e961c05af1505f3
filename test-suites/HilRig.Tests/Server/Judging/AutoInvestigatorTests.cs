using System.Net;
using HilRig.Analysis.Reproducers;
using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server;
using HilRig.Server.Judging;
using HilRig.Server.Storage;
using HilRig.Tests.Analysis.Reproducers;
using NUnit.Framework;

namespace HilRig.Tests.Server.Judging;

/// <summary>The server that follows a new flag by itself, with an agent that a test moves by hand.</summary>
public class AutoInvestigatorTests
{
    private static readonly string[] Places = ["kv58-1", "kv58-2"];

    [Test]
    public async Task A_new_flag_of_the_product_is_run_again_here_and_on_the_virtual_board_and_a_verdict_is_told()
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Whose, with: Quick);
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        await FailAsync(server, agent);

        var orders = new[] { await agent.NextOrderAsync(), await agent.NextOrderAsync() };
        var here = orders.Single(order => order.RunId.EndsWith("-here", StringComparison.Ordinal));
        var model = orders.Single(order => order.RunId.EndsWith("-virtual-board", StringComparison.Ordinal));
        Assert.That((here.Place, model.Place, here.Cycles, here.Sequence), Is.EqualTo(("kv58-1", "kv58-2", 20, Sequence)));
        await agent.AppendAsync(Script(here, failing: true).End().Batch(here.Epoch));
        await agent.AppendAsync(Script(model, failing: false).End().Batch(model.Epoch));

        var report = await ReportAsync(server, report => report.Blame is not null);
        Assert.That(report.Arms.Select(arm => (arm.Arm, arm.Failures, arm.Cycles)), Is.EqualTo(new[] { ("here", 20, 20), ("virtual-board", 0, 20) }));
        Assert.That((report.Blame, report.Reason), Is.EqualTo((Layer.Undetermined, "without another board its fault and this board's cannot be told apart")));
        Assert.That(await agent.HasNoOrderAsync("bench-1", Places), Is.True, "what it ordered itself it does not follow again");
    }

    [Test]
    public async Task A_place_with_the_release_before_says_whether_a_failure_is_new([Values] bool failsThereToo)
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Whose, with: Quick);
        await using var agent = await TestAgent.ConnectAsync(server);
        await agent.HelloAsync("bench-1", new PlaceInfo[] { new("kv58-1", "kv58", []), new("kv58-2", "kv58", []), new("kv58-3", "kv58", ["release-before"]) }, []);
        await FailAsync(server, agent);

        var orders = new[] { await agent.NextOrderAsync(), await agent.NextOrderAsync(), await agent.NextOrderAsync() };
        var before = orders.Single(order => order.RunId.EndsWith("-release-before", StringComparison.Ordinal));
        Assert.That((before.Place, before.Release, before.Sequence), Is.EqualTo(("kv58-3", (string?)null, Sequence)), "what lies on that board is what it runs");
        foreach (var order in orders)
            await agent.AppendAsync(Script(order, failing: order != before || failsThereToo).End().Batch(order.Epoch));

        var report = await ReportAsync(server, report => report.Blame is not null);
        Assert.That(report.Arms.Select(arm => (arm.Arm, arm.Failures, arm.Cycles)), Is.EqualTo(new[] { ("here", 20, 20), ("other-board", 20, 20), ("release-before", failsThereToo ? 20 : 0, 20) }));
        Assert.That(report.Blame, Is.EqualTo(Layer.Product));
        Assert.That(report.Reason, Does.EndWith(failsThereToo ? "so it is not new" : "so it is new"));
    }

    [Test]
    public async Task Conditions_that_always_came_together_are_told_apart_by_an_experiment_that_the_server_orders()
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Confirm, with: Quick);
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var board = new ModelBoard("app-6k.bin", 6144, now => now.Gap != "none");
        (await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequenceName = "mixed.yaml", sequence = FastWithPauses, cycles = 60, seed = 3 })).EnsureSuccessStatusCode();

        InvestigationReport? report = null;
        var (ordered, patience) = (new List<RunOrder>(), new CancellationTokenSource(TimeSpan.FromSeconds(120)));
        for (; report is not { Proof.Count: > 0 }; await Task.Delay(50, patience.Token))
        {
            foreach (var order in agent.TakeOrders())
            {
                ordered.Add(order);
                await agent.AppendAsync(new EventBatch(order.RunId, order.Epoch, board.Run(order.RunId, order.Place, order.Sequence, order.Cycles!.Value, order.Seed, TimeProvider.System.GetUtcNow().AddSeconds(5))));
            }
            report = (await server.GetAsync<List<InvestigationReport>>("/api/v1/investigations")).FirstOrDefault();
        }

        Assert.That(report.Proof, Has.Some.Match("^gap=inside 5 ms: stands, .* with none, drawn cycle by cycle: confirmed at 95 %").And.Some.Match("^the line ran at 460800 baud: falls"));
        Assert.That(report.Experiments.Select(one => (one.Condition, one.Otherwise, one.Without.Failures)), Is.EqualTo(new[] { ("gap=inside 5 ms", "none", 0) }));
        Assert.That(ordered.Count(order => order.SequenceName.StartsWith("confirm-", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(report.Spent, Is.LessThanOrEqualTo(report.Budget));

        // Started again without the permission: what the experiment said is read from its run.
        await server.RestartAsync();
        Assert.That((await ReportAsync(server, report => report.Proof.Count > 0)).Proof, Is.EqualTo(report.Proof));
    }

    [Test]
    public async Task A_confirmation_that_the_operator_allows_goes_on_to_the_reproducer()
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Confirm, with: Quick);
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        await FailAsync(server, agent);
        var here = await agent.NextOrderAsync();
        await agent.AppendAsync(Script(here, failing: true).End().Batch(here.Epoch));

        var attempt = await agent.NextOrderAsync();
        Assert.That(attempt.RunId, Does.EndWith("-try-1"));
        Assert.That(attempt.Sequence, Does.Contain("erase-all").And.Contain("- update"));
        for (var left = 60; left > 0 && !attempt.Sequence.Contains("sequence: proof", StringComparison.Ordinal); left--)
        {
            await agent.AppendAsync(Script(attempt, failing: true).End().Batch(attempt.Epoch));
            attempt = await agent.NextOrderAsync();
        }
        await agent.AppendAsync(Script(attempt, failing: true).End().Batch(attempt.Epoch));
        var report = await ReportAsync(server, report => report.Proof.Count > 0);
        Assert.That(report.Reproducer, Does.Contain("sequence: reproducer"));
        Assert.That(report.Proof[0], Does.Match("^fails 40 of 40 in 1 step: nothing before it, update"));
    }

    [Test]
    public async Task A_board_whose_every_start_fails_otherwise_ends_the_search_in_words()
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Confirm, with: Quick);
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        await FailAsync(server, agent);
        var here = await agent.NextOrderAsync();
        await agent.AppendAsync(Script(here, failing: true).End().Batch(here.Epoch));
        for (var attempt = 0; attempt < Reduction.MostBarren; attempt++)
        {
            var order = await agent.NextOrderAsync();
            await agent.AppendAsync(new RunScript(order.RunId, order.Place, order.Cycles!.Value, TimeProvider.System.GetUtcNow().AddSeconds(5)).Cycle(RunScript.Silence, Layer.Undetermined).End().Batch(order.Epoch));
        }

        var report = await ReportAsync(server, report => report.Proof.Count > 0);
        Assert.That(report.Proof.Single(), Does.StartWith($"not reproduced: no cycle of the last {Reduction.MostBarren} runs"));
        Assert.That(report.Spent, Is.LessThan(report.Budget / 2));
    }

    [Test]
    public async Task Idle_boards_that_show_the_failure_share_the_cycles_and_what_was_found_outlives_the_permission()
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Confirm, with: Quick);
        await using var agent = await TestAgent.ConnectAsync(server);
        await agent.HelloAsync("bench-1", new PlaceInfo[] { new("kv58-1", "kv58", []), new("kv58-3", "kv58", []) }, []);
        await FailAsync(server, agent);
        foreach (var arm in new[] { await agent.NextOrderAsync(), await agent.NextOrderAsync() })
            await agent.AppendAsync(Script(arm, failing: true).End().Batch(arm.Epoch));

        var (boards, proof, released) = (new HashSet<string>(), 0, (await server.GetAsync<List<ReleaseSummary>>("/api/v1/releases")).Single().Cycles.Trials);
        for (var left = 120; left > 0 && proof < 2; left--)
        {
            var order = await agent.NextOrderAsync();
            boards.Add(order.Place);
            proof += order.SequenceName.StartsWith("proof-", StringComparison.Ordinal) ? 1 : 0;
            await agent.AppendAsync(Script(order, failing: true).End().Batch(order.Epoch));
        }
        var report = await ReportAsync(server, report => report.Proof.Count > 0);

        Assert.That(boards, Is.EquivalentTo(new[] { "kv58-1", "kv58-3" }));
        Assert.That((report.Blame, report.Budget, report.Proven!.With.Failures), Is.EqualTo((Layer.Product, 150, 40)));
        Assert.That(report.Spent, Is.LessThanOrEqualTo(report.Budget).And.GreaterThan(40));
        Assert.That(report.Tried.Select(tried => tried.RunIds.Count), Has.All.EqualTo(2));
        Assert.That((await server.GetAsync<List<Flag>>("/api/v1/flags")).Single().Rate.Failures, Is.EqualTo(60), "candidates are no trials");
        Assert.That((await server.GetAsync<List<ReleaseSummary>>("/api/v1/releases")).Single().Cycles.Trials, Is.EqualTo(released));

        // Started again without the permission: nothing is ordered, and what was found is read from the runs.
        await server.RestartAsync();
        var again = await ReportAsync(server, report => report.Proof.Count > 0);
        Assert.That((again.Reproducer, again.Spent, again.Tried.Count), Is.EqualTo((report.Reproducer, report.Spent, report.Tried.Count)));
    }

    [Test]
    public async Task Whoever_asks_has_an_old_flag_followed_to_its_reproducer_where_the_server_follows_none_by_itself()
    {
        await using var server = await TestServer.StartAsync(with: Quick);
        await using var agent = await TestAgent.ConnectAsync(server);
        await agent.HelloAsync("bench-1", new PlaceInfo[] { new("kv58-1", "kv58", [], SwitchesPower: false) }, []);
        await FailAsync(server, agent);
        var flag = (await server.GetAsync<List<Flag>>("/api/v1/flags")).Single();
        await server.RestartAsync();
        await using var later = await TestAgent.ConnectAsync(server);
        await later.HelloAsync("bench-1", new PlaceInfo[] { new("kv58-1", "kv58", [], SwitchesPower: false) }, []);

        (await server.PostAsync($"/api/v1/flags/{flag.Id}/investigate", new { })).EnsureSuccessStatusCode();
        var here = await later.NextOrderAsync();
        Assert.That(here.RunId, Is.EqualTo(InvestigationRun.NameOf(flag.Id, "here")));
        await later.AppendAsync(Script(here, failing: true).End().Batch(here.Epoch));
        var attempt = await later.NextOrderAsync();
        Assert.That(attempt.Sequence, Does.Contain("by: probe").And.Not.Contain("by: power"), "the place has no supply");
        for (var left = 60; left > 0 && !attempt.SequenceName.StartsWith("proof-", StringComparison.Ordinal); left--)
        {
            await later.AppendAsync(Script(attempt, failing: true).End().Batch(attempt.Epoch));
            attempt = await later.NextOrderAsync();
        }
        await later.AppendAsync(Script(attempt, failing: true).End().Batch(attempt.Epoch));

        var report = await ReportAsync(server, report => report.Proof.Count > 0);
        Assert.That(report.Reproducer, Does.Contain("sequence: reproducer").And.Contain("by: probe"));
    }

    [Test]
    public async Task What_cannot_be_followed_is_refused_in_words()
    {
        await using var server = await TestServer.StartAsync(with: Quick);
        var imported = new RunScript("r-1");
        for (var cycle = 0; cycle < 6; cycle++)
            imported.Cycle(RunScript.CumulativeWrite);
        await server.StoreAsync(imported.End());
        await server.StoreAsync(new RunScript("r-2", "kv58-2").Cycle(RunScript.Silence, Layer.Rig).End());
        var flags = await server.GetAsync<List<Flag>>("/api/v1/flags");

        async Task<string> RefusalAsync(string id, HttpStatusCode status)
        {
            var answer = await server.PostAsync($"/api/v1/flags/{id}/investigate", new { });
            Assert.That(answer.StatusCode, Is.EqualTo(status));
            return await answer.Content.ReadAsStringAsync();
        }
        Assert.That(await RefusalAsync(flags.Single(flag => flag.IsProduct).Id, HttpStatusCode.Conflict), Does.Contain("ordered none of its newest failing runs"));
        Assert.That(await RefusalAsync(flags.Single(flag => !flag.IsProduct).Id, HttpStatusCode.Conflict), Does.Contain("is rig: only what the product"));
        Assert.That(await RefusalAsync("nobody", HttpStatusCode.NotFound), Does.Contain("there is no flag nobody"));
    }

    [Test]
    public async Task Nothing_is_ordered_where_the_operator_did_not_allow_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        await FailAsync(server, agent);
        Assert.That((await server.GetAsync<List<Flag>>("/api/v1/flags")).Single().IsProduct, Is.True);
        Assert.That(await agent.HasNoOrderAsync("bench-1", Places), Is.True);
    }

    private const string Sequence = "sequence: re-update\nboard: kv58\nsteps:\n  - update\n";

    private const string FastWithPauses = """
        sequence: mixed
        board: kv58
        steps:
          - choose:
              - [set-baud: {to: 460800}, gap: {inside: 5ms}]
              - [set-baud: {to: 57600}, gap]
          - reset: {by: probe}
          - update

        """;

    private static ServerOptions Quick(ServerOptions options) => options with { InvestigatePause = TimeSpan.FromMilliseconds(50) };

    private static async Task FailAsync(TestServer server, TestAgent agent)
    {
        (await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequenceName = "re-update.yaml", sequence = Sequence, cycles = 20, seed = 3 })).EnsureSuccessStatusCode();
        var order = await agent.NextOrderAsync();
        await agent.AppendAsync(Script(order, failing: true).End().Batch(order.Epoch));
    }

    private static RunScript Script(RunOrder order, bool failing)
    {
        var script = new RunScript(order.RunId, order.Place, order.Cycles!.Value, TimeProvider.System.GetUtcNow().AddSeconds(5));
        for (var cycle = 0; cycle < order.Cycles; cycle++)
            script.Cycle(failing ? RunScript.CumulativeWrite : null);
        return script;
    }

    private static async Task<InvestigationReport> ReportAsync(TestServer server, Func<InvestigationReport, bool> isReady)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if ((await server.GetAsync<List<InvestigationReport>>("/api/v1/investigations")).FirstOrDefault(isReady) is { } report)
                return report;
            await Task.Delay(100, patience.Token);
        }
    }
}
