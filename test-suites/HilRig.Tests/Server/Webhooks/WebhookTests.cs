using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Campaigns;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Webhooks;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Webhooks;

/// <summary>Webhooks on a real listener: signed, retried, logged, and never inside where they must not be.</summary>
public sealed class WebhookTests(DatabaseKind kind) : ServerFixture(kind)
{
    private const string Sequence = "sequence: ping\nboard: kv58\nsteps:\n  - ping\n";

    private protected override Task<TestServer> StartAsync(DatabaseAddress? database) =>
        TestServer.StartAsync(database, with: options => options with { PrivateWebhooks = true, WebhookPause = TimeSpan.FromMilliseconds(5) });

    [Test]
    public async Task A_message_is_signed_over_its_body_and_the_moment()
    {
        await using var listener = await HookListener.StartAsync();
        var (id, secret) = await AddAsync(listener);
        (await Server.Http.PostAsync($"/api/v1/webhooks/{id}/test", null)).EnsureSuccessStatusCode();

        var message = await listener.NextAsync();

        var parts = message.Signature.Split(',').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{message.Body}"));
        Assert.That(parts["v1"], Is.EqualTo(Convert.ToHexStringLower(expected)));
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["t"])), Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1)));
        using var body = JsonDocument.Parse(message.Body);
        Assert.That(body.RootElement.GetProperty("id").GetString(), Is.EqualTo(message.Delivery));
        Assert.That(message.Event, Is.EqualTo("test"));
        Assert.That((await SettledAsync(id)).Single(), Has.Property("State").EqualTo(DeliveryState.Delivered).And.Property("Outcome").EqualTo("200 OK"));
    }

    [Test]
    public async Task One_that_is_in_trouble_is_tried_again_with_the_same_id_and_the_log_counts()
    {
        await using var listener = await HookListener.StartAsync(500, 429);
        var (id, _) = await AddAsync(listener);
        await Server.Http.PostAsync($"/api/v1/webhooks/{id}/test", null);

        var deliveries = new[] { (await listener.NextAsync()).Delivery, (await listener.NextAsync()).Delivery, (await listener.NextAsync()).Delivery };

        Assert.That(deliveries.Distinct().Count(), Is.EqualTo(1));
        Assert.That((await SettledAsync(id)).Single(), Has.Property("State").EqualTo(DeliveryState.Delivered).And.Property("Attempts").EqualTo(3));
    }

    [Test]
    public async Task The_attempts_are_bounded_and_a_refusal_or_a_redirect_is_not_repeated()
    {
        await using var gone = await HookListener.StartAsync();
        var (unreachable, _) = await AddAsync(gone);
        await gone.DisposeAsync();
        await using var strict = await HookListener.StartAsync(403);
        await using var elsewhere = await HookListener.StartAsync(302);
        var ids = new[] { unreachable, (await AddAsync(strict)).Id, (await AddAsync(elsewhere)).Id };
        foreach (var id in ids)
            await Server.Http.PostAsync($"/api/v1/webhooks/{id}/test", null);

        var log = new List<Delivery>();
        foreach (var id in ids)
            log.Add((await SettledAsync(id)).Single());

        Assert.That(log.Select(delivery => (delivery.State, delivery.Attempts)), Is.EqualTo(new[] { (DeliveryState.Failed, 7), (DeliveryState.Failed, 1), (DeliveryState.Failed, 1) }));
        Assert.That(log[0].Outcome, Does.Contain("refused"));
        Assert.That(log[2].Outcome, Is.EqualTo("302 Found"));
    }

    [Test]
    public async Task A_new_flag_a_finished_campaign_and_a_wedged_board_are_told_once_each_and_only_to_those_who_want_it()
    {
        await using var all = await HookListener.StartAsync();
        await using var some = await HookListener.StartAsync();
        await AddAsync(all);
        await AddAsync(some, Announcement.CampaignDone);
        await using var agent = await TestAgent.ArriveAsync(Server, ["kv58-1"]);
        using var ordered = await Server.PostAsync("/api/v1/campaigns", new CampaignRequest("clean", Sequence, "ping.yaml", "kv58", Limit: 0.01, CyclesPerRun: 300));
        var order = await agent.NextOrderAsync();
        var run = new RunScript(order.RunId);
        for (var cycle = 0; cycle < 40; cycle++)
            run.Cycle(cycle % 4 == 3 ? RunScript.CumulativeWrite : null);
        await agent.AppendAsync(run.End(EndReason.BoardWedged, "the board did not come back").Batch(order.Epoch));

        var told = new[] { await all.NextAsync(), await all.NextAsync(), await all.NextAsync() };

        Assert.That(told.Select(message => message.Event), Is.EquivalentTo(new[] { "flag-new", "campaign-done", "board-wedged" }));
        Assert.That(told.Select(message => JsonDocument.Parse(message.Body).RootElement.GetProperty("text").GetString()), Has.Some.Contains("10203").And.Some.Contains("clean missed").And.Some.Contains("kv58-1"));
        Assert.That((await some.NextAsync()).Event, Is.EqualTo("campaign-done"));
        await Server.RestartAsync();
        Assert.That(all.IsSilent && some.IsSilent, "nothing is news twice");
    }

    [Test]
    public async Task The_secret_is_shown_once_and_kept_encrypted()
    {
        await using var listener = await HookListener.StartAsync();
        var (id, secret) = await AddAsync(listener);

        Assert.That(await Server.Http.GetStringAsync("/api/v1/webhooks"), Does.Contain(id).And.Not.Contain(secret));
        await using var reader = await Server.Service<IDatabase>().OpenReaderAsync(default);
        Assert.That(await reader.ExecuteScalarAsync<string>("SELECT secret FROM webhook"), Does.Not.Contain(secret));
        Assert.That(await Server.Http.GetStringAsync("/api/v1/audit"), Does.Contain("add webhook").And.Not.Contain(secret));
    }

    [TestCase("ftp://example.com", "url: `ftp://example.com` is no address")]
    [TestCase("/etc/passwd", "url:")]
    [TestCase("http://ann:secret@example.com", "url: leave name and password out")]
    [TestCase("http://127.0.0.1:1/x", "url: 127.0.0.1 is inside this network")]
    [TestCase("http://[::ffff:10.0.0.1]/x", "is inside this network")]
    [TestCase("http://2130706433/x", "is inside this network")]
    [TestCase("http://localhost/x", "url: localhost is inside this network")]
    public async Task An_address_that_is_none_or_lies_inside_is_refused_with_its_field(string url, string words)
    {
        await using var cautious = await TestServer.StartAsync();
        using var response = await cautious.PostAsync("/api/v1/webhooks", new { url });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), Does.Contain(words));
    }

    [Test]
    public async Task A_name_that_comes_to_lead_inside_is_not_followed()
    {
        await using var cautious = await TestServer.StartAsync(with: options => options with { WebhookPause = TimeSpan.FromMilliseconds(1) });
        await using var listener = await HookListener.StartAsync();
        // As if the name had led outside when it was added.
        var (webhook, _) = await cautious.Service<WebhookStore>().AddAsync($"http://localhost:{listener.Url.Port}/", [Announcement.FlagNew], [], "ann", default);
        await cautious.Http.PostAsync($"/api/v1/webhooks/{webhook.Id}/test", null);

        var log = await SettledAsync(webhook.Id, cautious);

        Assert.That(log.Single().Outcome, Does.Contain("inside this network"));
        Assert.That(listener.IsSilent);
    }

    [TestCase("127.0.0.1", false), TestCase("10.1.2.3", false), TestCase("172.31.0.1", false), TestCase("192.168.1.1", false), TestCase("169.254.169.254", false)]
    [TestCase("100.64.0.1", false), TestCase("0.0.0.0", false), TestCase("224.0.0.1", false), TestCase("255.255.255.255", false)]
    [TestCase("::1", false), TestCase("::", false), TestCase("fe80::1", false), TestCase("fd00::1", false), TestCase("::ffff:127.0.0.1", false), TestCase("64:ff9b::7f00:1", false), TestCase("2002:7f00:1::", false)]
    [TestCase("8.8.8.8", true), TestCase("172.32.0.1", true), TestCase("2606:4700::1", true), TestCase("::ffff:8.8.8.8", true), TestCase("64:ff9b::808:808", true)]
    public void An_address_is_public_or_not(string address, bool expected) => Assert.That(PublicAddress.Is(IPAddress.Parse(address)), Is.EqualTo(expected));

    private async Task<(string Id, string Secret)> AddAsync(HookListener listener, params string[] events)
    {
        using var response = await Server.PostAsync("/api/v1/webhooks", new { url = listener.Url, events = events.Length == 0 ? null : events });
        var added = (await response.Content.ReadFromJsonAsync<NewWebhook>(RunJson.Options))!;
        return (added.Webhook.Id, added.Secret);
    }

    private async Task<IReadOnlyList<Delivery>> SettledAsync(string id, TestServer? at = null)
    {
        IReadOnlyList<Delivery> log = [];
        await Task.Run(() => Assert.That(
            () => log = (at ?? Server).GetAsync<List<Delivery>>($"/api/v1/webhooks/{id}/deliveries").Result,
            Has.None.Property("State").EqualTo(DeliveryState.Waiting).After(30_000, 50)));
        return log;
    }
}
