using System.Net;
using HilRig.Model.Campaigns;
using HilRig.Server.Campaigns;
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
    public async Task A_campaign_that_is_not_there_is_said_so()
    {
        using var response = await server.Http.GetAsync("/campaigns/c-none");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("There is no such campaign"));
    }
}
