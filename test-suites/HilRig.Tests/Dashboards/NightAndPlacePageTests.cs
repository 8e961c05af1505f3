using System.Net;
using Dapper;
using HilRig.Model.Nights;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>Night, places, compare and search in each state, as a browser gets them.</summary>
public sealed class NightAndPlacePageTests
{
    private readonly HandClock clock = new(RunScript.Evening.AddHours(9));
    private TestServer server = null!;

    [SetUp]
    public async Task Start() => server = await TestServer.StartAsync(time: clock);

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task With_nothing_there_each_page_says_why_and_what_to_do_next() => Assert.Multiple(async () =>
    {
        Assert.That(await server.Http.ReadPageAsync("/night"), Does.Contain("Nothing ran in this night").And.Contain("campaigns order"));
        Assert.That(await server.Http.ReadPageAsync("/releases"), Does.Contain("No release has run yet").And.Contain("Fix the plan"));
        Assert.That(await server.Http.ReadPageAsync("/places"), Does.Contain("No agent has announced a place yet"));
        Assert.That(await server.Http.ReadPageAsync("/compare"), Does.Contain("Name two runs, or two releases"));
        Assert.That(await server.Http.ReadPageAsync("/search"), Does.Contain("Write a part of a name"));
        Assert.That(await server.Http.ReadPageAsync("/search?q=nothing"), Does.Contain("Nothing is called nothing").Or.Contain("Nothing is called <b>nothing</b>"));
        Assert.That(await server.Http.ReadPageAsync("/settings"), Does.Contain("This server has no accounts"));
        Assert.That(await server.Http.ReadPageAsync("/settings/audit"), Does.Contain("Nobody has changed anything yet"));
    });

    [Test]
    public async Task What_is_not_there_or_not_understood_is_said_so() => Assert.Multiple(async () =>
    {
        Assert.That(await server.Http.ReadPageAsync("/night?date=soon", HttpStatusCode.BadRequest), Does.Contain("date: `soon` is no day"));
        Assert.That(await server.Http.ReadPageAsync("/releases/none", HttpStatusCode.NotFound), Does.Contain("There is no such release"));
        Assert.That(await server.Http.ReadPageAsync("/places/none", HttpStatusCode.NotFound), Does.Contain("No agent has announced a place none"));
        Assert.That(await server.Http.ReadPageAsync("/settings/webhooks/w-none", HttpStatusCode.NotFound), Does.Contain("There is no such webhook"));
        Assert.That(await server.Http.ReadPageAsync("/compare?a=x&b=y"), Does.Contain("`x` is neither a run nor a release"));
        Assert.That(await server.Http.ReadPageAsync("/search?q=" + Uri.EscapeDataString("<script>")), Does.Contain("Nothing is called"));
    });

    [Test]
    public async Task A_page_that_cannot_be_made_says_what_is_missing_and_what_still_holds()
    {
        await server.Service<IDatabase>().WriteAsync(transaction => transaction.Connection!.ExecuteAsync("DROP TABLE sign_off", transaction: transaction), default);

        Assert.That(await server.Http.ReadPageAsync("/releases", HttpStatusCode.InternalServerError), Does.Contain("This page could not be made").And.Contain("keep every event"));
        using var response = await server.Http.GetAsync("/api/v1/sign-offs");
        Assert.That((response.StatusCode, response.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.InternalServerError, "application/problem+json")));
    }

    [Test]
    public async Task Night_tells_what_ran_what_is_new_with_its_trigger_who_must_go_where_and_what_the_rig_cost()
    {
        await server.StoreAsync(SampleNight.Night());
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1", "kv58-2"]);
        await agent.AnnounceAsync(new PlaceInfo("kv58-2", "kv58", [], "its board did not come back"));

        var page = await server.Http.ReadPageAsync("/night");
        var report = await server.GetAsync<NightReport>("/api/v1/night?date=2026-01-21&zone=UTC");

        Assert.That(page, Does.Contain("Night of Wednesday, 21 January 2026").And.Contain("not over"));
        Assert.That(page, Does.Contain("10203 kStatusMemoryCumulativeWrite").And.Contain("Best trigger:").And.Contain("2.0.0+1f0c"));
        Assert.That(page, Does.Contain("Needs hands").And.Contain("its board did not come back").And.Contain("unwedge --place kv58-2"));
        Assert.That((report.Runs, report.New.Count, report.Hands.Single().Place), Is.EqualTo((4, 1, "kv58-2")));
        Assert.That(page, Does.Contain($"{report.Cycles}"), "page and API say the same");
        Assert.That(await server.Http.ReadPageAsync("/night?date=2026-01-19"), Does.Contain("Nothing ran in this night").And.Contain("?date=2026-01-20"));
    }

    [Test]
    public async Task Night_tells_what_changed_what_the_rig_cost_and_how_far_the_goals_are()
    {
        var before = new RunScript("r-before", cycles: 300, at: RunScript.Evening.AddDays(-1));
        for (var cycle = 0; cycle < 300; cycle++)
            before.Cycle(cycle == 200 ? RunScript.CumulativeWrite : null, appAtBoot: cycle == 200 ? "application" : "blank");
        await server.StoreAsync(before.End());
        await server.StoreAsync(SampleNight.Night());
        await server.StoreAsync(new RunScript("r-lost", "kv58-4", at: RunScript.Evening.AddHours(1)).Cycle().End(EndReason.RigLost, "no such device"));
        await server.StoreAsync(new RunScript("r-next", "kv58-4", at: RunScript.Evening.AddHours(3)).Cycle().End());
        (await server.PostAsync("/api/v1/sign-offs", new { plan = "release: 2.0.0+1f0c\nlimit: 0.001\nplaces: [kv58-1]\nmix: {re-update: 1}\n" })).EnsureSuccessStatusCode();
        await server.StoreAsync(new RunScript("r-clean", cycles: 12, at: clock.GetUtcNow().AddSeconds(1)).Cycles(12).End());
        clock.Move(TimeSpan.FromMinutes(1));

        var page = await server.Http.ReadPageAsync("/night?date=2026-01-21&zone=UTC");

        Assert.That(page, Does.Match("Changed</a>: it comes more often since 2026-01-2\\d .*odds of"));
        Assert.That(page, Does.Not.Contain("New in this night"), "it failed before");
        Assert.That(page, Does.Match("(?s)<td data-label=\"Time\">1 h 59 min</td>.*kv58-4.*rig lost: no such device.*r-lost"));
        Assert.That(page, Does.Match("(?s)href=\"/releases/2.0.0%2B1f0c\"><b>[^<]*2.0.0.1f0c.*12 of 2,995").And.Contain("12 of 2,995 cycles, 0 failed"));
    }

    [Test]
    public async Task A_place_tells_its_days_its_lease_and_why_it_may_not_work_and_is_paused_by_a_form()
    {
        await server.StoreAsync(SampleNight.Night());
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1", "kv58-2"]);
        await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequence = "sequence: a\nboard: kv58\nsteps: [ping]", sequenceName = "a.yaml" });
        await agent.NextOrderAsync();

        var place = await server.Http.ReadPageAsync("/places/kv58-1");
        var paused = await server.Http.SubmitAsync(place, "/places/kv58-1/pause", HttpStatusCode.OK, ("because", "the bench is needed"));
        var resumed = await server.Http.SubmitAsync(paused, "/places/kv58-1/resume");

        Assert.That(await server.Http.ReadPageAsync("/places"), Does.Contain("kv58-1").And.Contain("Running").And.Contain("60 cycles"));
        Assert.That(place, Does.Contain("epoch 1").And.Contain("ends at the latest").And.Contain("Wed 21 Jan 2026").And.Contain("60 cycles in the newest 1 run, 60 erases of flash").And.Contain("<td data-label=\"Erases\">60</td>"));
        Assert.That(paused, Does.Contain("paused by local: the bench is needed").And.Contain("Resume"));
        Assert.That(resumed, Does.Not.Contain("paused by local"));
        Assert.That(await server.Http.SubmitAsync(resumed, "/places/kv58-1/pause", HttpStatusCode.BadRequest, ("because", " ")), Does.Contain("Not done").And.Contain("because: say why"));
    }

    [Test]
    public async Task Two_runs_and_two_releases_stand_side_by_side_with_what_may_be_said_of_the_difference()
    {
        await server.StoreAsync(SampleNight.Night());

        var runs = await server.Http.ReadPageAsync("/compare?a=r-20260121-220000-kv58-1-0001&b=r-20260121-220100-kv58-4-0002");
        var same = await server.Http.ReadPageAsync("/compare?a=2.0.0%2B1f0c&b=2.0.0%2B1f0c");
        var mixed = await server.Http.ReadPageAsync("/compare?a=2.0.0%2B1f0c&b=r-20260121-220100-kv58-4-0002");

        Assert.That(runs, Does.Contain("fails less often than").And.Contain("went apart").And.Contain("fail, write-memory 10203").And.Match(@"points \[-"));
        Assert.That(runs, Does.Contain("<mark>kv58-4</mark>").And.Contain("median of passes"));
        Assert.That(same, Does.Contain("No difference is shown").And.Contain("./rig compare SEQUENCE"));
        Assert.That(mixed, Does.Contain("two of a kind can be compared"));
    }

    [Test]
    public async Task Search_finds_runs_places_releases_failures_sequences_and_digests()
    {
        await server.StoreAsync(SampleNight.Night());
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var digest = await server.Service<ArtifactStore>().SaveAsync(new byte[] { 1, 2, 3 }, default);

        Assert.That(await server.Http.ReadPageAsync("/search?q=kv58-1"), Does.Contain("href=\"/places/kv58-1\"").And.Contain("href=\"/runs/r-20260121-220000-kv58-1-0001\""));
        Assert.That(await server.Http.ReadPageAsync("/search?q=10203"), Does.Match("href=\"/failures/[a-z0-9-]+\"").And.Contain("f1/update/write-memory/10203"));
        Assert.That(await server.Http.ReadPageAsync("/search?q=2.0.0"), Does.Contain("href=\"/releases/2.0.0%2B1f0c\""));
        Assert.That(await server.Http.ReadPageAsync("/search?q=77aa"), Does.Contain("image 77aa"));
        Assert.That(await server.Http.ReadPageAsync("/search?q=re-up"), Does.Contain("<td>Sequence</td>"));
        Assert.That(await server.Http.ReadPageAsync($"/search?q={digest}"), Does.Contain($"href=\"/api/v1/artifacts/{digest}\""));
    }
}
