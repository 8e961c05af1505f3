using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary>Campaigns by the operator's command, as a process against a real server.</summary>
public sealed class CampaignCommandTests
{
    private LabHome lab = null!;

    [SetUp]
    public async Task Start() => lab = await LabHome.StartAsync();

    [TearDown]
    public async Task Stop() => await lab.DisposeAsync();

    [Test]
    public async Task A_campaign_is_ordered_watched_and_its_outcome_is_the_exit_code()
    {
        await using var agent = await TestAgent.ArriveAsync(lab.Server, ["kv58-1"]);
        var sequence = lab.Write("ping.yaml", "sequence: ping\nboard: kv58\nsteps:\n  - ping\n");

        var ordered = await lab.SayAsync(ExitCode.Pass, "campaigns", "order", sequence, "--board", "kv58", "--tag", "virtual", "--limit", "0.3", "--cycles-per-run", "5", "--name", "nine", "--json");
        var id = JsonDocument.Parse(ordered).RootElement.GetProperty("campaign").GetProperty("id").GetString()!;
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "campaigns", "order", sequence, "--board", "kv58"), Does.Contain("limit: give either"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "campaigns", "order", sequence, "--board", "kv58", "--runs", "1", "--hours", "night"), Does.Contain("--hours"));
        using var watching = lab.Start("campaigns", "watch", id);
        await FinishAsync(agent, await agent.NextOrderAsync());
        Assert.That(await lab.SayAsync(ExitCode.Pass, "campaigns", "show", id), Does.Contain("5 of 9").And.Contain("at most").And.Contain("nine"));
        await lab.SayAsync(ExitCode.Pass, "campaigns", "priority", id, "7");
        await FinishAsync(agent, await agent.NextOrderAsync());

        Assert.That(await watching.ExitAsync(), Is.EqualTo(ExitCode.Pass), watching.Output);
        Assert.That(watching.Output, Does.Contain("met: 0 of 9 cycles failed"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "campaigns", "list", "--state", "met"), Does.Contain(id));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "campaigns", "stop", id), Does.Contain("is over"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "releases"), Does.Contain("2.0.0+1f0c").And.Contain("2 runs").And.Contain("0 of 9"));
    }

    private static async Task FinishAsync(TestAgent agent, RunOrder order)
    {
        var run = new RunScript(order.RunId, order.Place, order.Cycles!.Value);
        for (var cycle = 0; cycle < order.Cycles; cycle++)
            run.Cycle();
        await agent.AppendAsync(run.End().Batch(order.Epoch));
    }
}
