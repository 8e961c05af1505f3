using System.Net;
using HilRig.Model.Campaigns;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Campaigns;
using HilRig.Server.Security;
using HilRig.Tests.Server.Security;
using NUnit.Framework;

namespace HilRig.Tests.Server.Campaigns;

/// <summary>The pages of campaigns as a browser gets them.</summary>
public sealed class CampaignPageTests
{
    private TestServer server = null!;

    [SetUp]
    public async Task Start() => server = await TestServer.StartAsync();

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task With_no_campaign_the_page_says_how_to_order_one() =>
        Assert.That(await server.Http.GetStringAsync("/campaigns"), Does.Contain("No campaign has been ordered yet").And.Contain("./rig campaigns order"));

    [Test]
    public async Task A_campaign_shows_its_goal_and_bound_and_is_paused_and_stopped_by_forms_of_the_page()
    {
        using var ordered = await server.PostAsync("/api/v1/campaigns", new CampaignRequest("nightly <b>", "sequence: ping\nboard: kv58\nsteps:\n  - ping\n", "ping.yaml", "kv58", Limit: 0.001));
        var address = ordered.Headers.Location!.ToString().Replace("/api/v1", "", StringComparison.Ordinal);
        var page = await server.Http.GetStringAsync(address);

        Assert.That(page, Does.Contain("0 of 2,995").And.Contain("nightly &lt;b&gt;").And.Contain("no connected place is any kv58").And.Contain("<progress max=\"2995\" value=\"0\""));
        Assert.That(await server.Http.GetStringAsync("/campaigns"), Does.Contain(address).And.Contain("Running"));

        Assert.That(await server.Http.SubmitAsync(page, $"/api/v1{address}/pause"), Does.Contain("paused by local: by hand").And.Contain("Resume"));
        using var foreign = await server.Http.PostAsync($"/api/v1{address}/stop", new FormUrlEncodedContent([]));
        Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "a form that is not of our page");
        Assert.That(await server.Http.SubmitAsync(page, $"/api/v1{address}/stop"), Does.Contain("Stopped"));
        Assert.That((await server.GetAsync<CampaignView>($"/api/v1{address}")).Campaign.State, Is.EqualTo(CampaignState.Stopped));
    }

    [Test]
    public async Task A_campaign_under_way_shows_void_cycles_by_reason_its_forecast_and_what_fails()
    {
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var address = await OrderAsync();
        var failed = await agent.NextOrderAsync();
        await agent.AppendAsync(Begun(failed).Cycle().Cycle(new Failure("probe", "rig", "", "the probe is gone"), Layer.Rig).Cycle(RunScript.CumulativeWrite).Cycles(2).End().Batch(failed.Epoch));
        var other = await agent.NextOrderAsync();
        await agent.AppendAsync(Begun(other, "beef").Cycles(5).End().Batch(other.Epoch));
        var open = await agent.NextOrderAsync();
        await agent.AppendAsync(Begun(open).Cycles(2).Batch(open.Epoch));

        var page = await server.Http.ReadPageAsync(address);
        var progress = (await server.GetAsync<CampaignView>($"/api/v1{address}")).Progress;

        Assert.That(page, Does.Contain("<td>1</td><td>rig: the cycle ended in an error of the rig</td>").And.Contain("<td>5</td><td>release: the board ran other bytes than the campaign's first</td>"));
        Assert.That(page, Does.Match($"Done at this pace</a></dt><dd><time datetime=\"{progress.Forecast!.Value.UtcDateTime:yyyy-MM-ddTHH:mm}"));
        Assert.That(page, Does.Match($"(?s)<b>1×</b>.*update · write-memory · 10203.*href=\"/runs/{failed.RunId}\""));
        Assert.That(page, Does.Contain("1/6 → 16.67 % [").And.Contain("6 of 473 countable cycles"), "one of six that count failed");
    }

    [Test]
    public async Task Only_an_operator_is_shown_how_to_pause_and_stop_it()
    {
        var address = await OrderAsync();
        await server.AddPersonAsync("vic", Role.Viewer);
        await server.AddPersonAsync("otto", Role.Operator);
        using var viewer = await server.SignInAsync("vic", Accounts.Password);
        using var steering = await server.SignInAsync("otto", Accounts.Password);

        Assert.That(await viewer.ReadPageAsync(address), Does.Contain("Pausing and stopping a campaign is for the role <b>operator</b>; vic is viewer here").And.Not.Contain("/pause").And.Not.Contain("/stop"));
        var page = await steering.ReadPageAsync(address);
        Assert.That(await steering.SubmitAsync(page, $"/api/v1{address}/pause"), Does.Contain("paused by otto").And.Contain("/resume").And.Contain("/stop").And.Not.Contain("/pause\""));
    }

    [Test]
    public async Task A_campaign_that_is_not_there_is_said_so()
    {
        using var response = await server.Http.GetAsync("/campaigns/c-none");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("There is no such campaign"));
    }

    /// <returns>The address of its page.</returns>
    private async Task<string> OrderAsync()
    {
        using var ordered = await server.PostAsync("/api/v1/campaigns", new CampaignRequest("nightly", "sequence: re-update\nboard: kv58\nsteps:\n  - update\n", "re-update.yaml", "kv58", Limit: 0.01, AllowedFailures: 1, CyclesPerRun: 5));
        return ordered.EnsureSuccessStatusCode().Headers.Location!.ToString().Replace("/api/v1", "", StringComparison.Ordinal);
    }

    private static RunScript Begun(RunOrder order, string digest = "1f0c") => new(order.RunId, order.Place, order.Cycles!.Value, TimeProvider.System.GetUtcNow(), digest: digest);
}
