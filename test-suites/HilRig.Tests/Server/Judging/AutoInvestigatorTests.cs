using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Judging;
using NUnit.Framework;

namespace HilRig.Tests.Server.Judging;

/// <summary>The server that follows a new flag by itself, with an agent that a test moves by hand.</summary>
[Parallelizable]
public class AutoInvestigatorTests
{
    private static readonly string[] Places = ["kv58-1", "kv58-2"];

    [Test]
    public async Task A_new_flag_of_the_product_is_run_again_here_and_on_the_virtual_board_and_a_verdict_is_told()
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Whose);
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
    public async Task A_confirmation_that_the_operator_allows_goes_on_to_the_reproducer()
    {
        await using var server = await TestServer.StartAsync(autoInvestigate: AutoInvestigate.Confirm);
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
    public async Task Nothing_is_ordered_where_the_operator_did_not_allow_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        await FailAsync(server, agent);
        Assert.That((await server.GetAsync<List<Flag>>("/api/v1/flags")).Single().IsProduct, Is.True);
        Assert.That(await agent.HasNoOrderAsync("bench-1", Places), Is.True);
    }

    private const string Sequence = "sequence: re-update\nboard: kv58\nsteps:\n  - update\n";

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
