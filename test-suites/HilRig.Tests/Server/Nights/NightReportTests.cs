using System.Text.Json;
using HilRig.Model.Nights;
using HilRig.Model.Runs;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Webhooks;
using HilRig.Tests.Server.Webhooks;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Nights;

/// <summary>The night's report as a webhook gets it: at its hour, once, and only where there is something to tell.</summary>
public sealed class NightReportTests(DatabaseKind kind) : ServerFixture(kind)
{
    // The zone of the machine that tests is anybody's; the hours below are that clock's own.
    private static readonly DateTimeOffset Midnight = new(new DateTime(2026, 1, 22), TimeZoneInfo.Local.GetUtcOffset(new DateTime(2026, 1, 22)));
    private HandClock clock = null!;

    private protected override Task<TestServer> StartAsync(DatabaseAddress? database) =>
        TestServer.StartAsync(database, clock = new HandClock(Midnight.AddHours(6)), with: options => options with { PrivateWebhooks = true, WebhookPause = TimeSpan.FromMilliseconds(5), ReportLook = TimeSpan.FromMilliseconds(20) });

    [Test]
    public async Task It_is_told_from_its_hour_on_once_for_each_night_in_which_something_ran()
    {
        await using var listener = await HookListener.StartAsync();
        (await Server.PostAsync("/api/v1/webhooks", new WebhookRequest($"{listener.Url}", [Announcement.NightReport]))).EnsureSuccessStatusCode();
        await StoreAsync("r-1", Midnight.AddHours(-2));
        Assert.That(listener.IsSilent, "it is six o'clock");

        clock.Move(TimeSpan.FromHours(2));
        var told = await listener.NextAsync();
        clock.Move(TimeSpan.FromDays(1));
        await StoreAsync("r-2", Midnight.AddDays(2).AddHours(-2));
        clock.Move(TimeSpan.FromDays(1));
        var next = await listener.NextAsync();

        Assert.That(told.Event, Is.EqualTo("night-report"));
        Assert.That(JsonDocument.Parse(told.Body).RootElement.GetProperty("text").GetString(), Does.StartWith("Night of 2026-01-21: 1 run on 1 board"));
        Assert.That(JsonDocument.Parse(told.Body).RootElement.GetProperty("data").Deserialize<NightReport>(RunJson.Options)!.Work.Single().Sequence, Is.EqualTo("re-update"));
        Assert.That(next.Body, Does.Contain("night:2026-01-23"), "nothing ran in the night between");
        Assert.That(listener.IsSilent);
    }

    private async Task StoreAsync(string runId, DateTimeOffset at) =>
        await Server.StoreAsync(new RunScript(runId, at: at).Cycle().End());
}
