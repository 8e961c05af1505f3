using System.Net;
using System.Text.RegularExpressions;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>Pages as a browser gets them, in each state, without a browser.</summary>
public sealed class PageTests
{
    private TestServer server = null!;

    [SetUp]
    public async Task Start() => server = await TestServer.StartAsync();

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task With_nothing_there_the_pages_say_why_and_what_to_do_next()
    {
        var failures = await ReadAsync("/failures");

        Assert.That(await ReadAsync("/"), Does.Contain("No agent has connected yet").And.Contain("./rig agent serve").And.Contain("./rig demo"));
        Assert.That(await ReadAsync("/runs"), Does.Contain("No run has begun yet").And.Contain("./rig demo"));
        Assert.That(failures, Does.Contain("no run has begun"));
    }

    [Test]
    public async Task Without_a_failure_the_page_claims_no_more_than_the_data_does()
    {
        await server.StoreAsync(new RunScript("r-1").Cycle().End());

        Assert.That(await ReadAsync("/failures"), Does.Contain("No step has failed yet").And.Contain("2,995 clean cycles"));
    }

    [Test]
    public async Task Rack_shows_what_each_board_does_what_it_did_and_whom_to_fetch()
    {
        await server.StoreAsync(SampleNight.Night());
        await using (await TestAgent.ArriveAsync(server, ["kv58-1", "kv58-2"]))
            Assert.That(await ReadAsync("/"), Does.Contain("2 idle").And.Contain("none failed").And.Not.Contain("Needs hands"));

        var page = await ReadAsync("/?kiosk=1");

        Assert.That(page, Does.Contain("class=\"kiosk\"").And.Contain("2 away").And.Contain("Needs hands").And.Contain("./rig agent doctor"));
        Assert.That(page, Does.Contain("What accuses the product").And.Contain("10203 kStatusMemoryCumulativeWrite"));
    }

    [Test]
    public async Task Runs_shows_queue_and_runs_with_their_strip()
    {
        await server.StoreAsync(SampleNight.Night());
        await server.PostAsync("/api/v1/runs", new { place = "kv58-9", sequence = "sequence: a\nboard: kv58\nsteps: [ping]", sequenceName = "a.yaml" });

        var page = await ReadAsync("/runs");

        Assert.That(page, Does.Contain("no agent has announced place kv58-9"));
        Assert.That(page, Does.Contain("update · write-memory · 10203 kStatusMemoryCumulativeWrite"));
        Assert.That(page, Does.Match("<svg class=\"strip\"").And.Match("<rect class=\"fail\""));
        Assert.That(page, Does.Contain("marginal step"));
        Assert.That(page.IndexOf("kv58-3-0003", StringComparison.Ordinal), Is.LessThan(page.IndexOf("kv58-1-0001", StringComparison.Ordinal)), "the newest first");
    }

    [Test]
    public async Task Run_shows_facts_cycles_steps_failure_conditions_and_notices()
    {
        await server.StoreAsync(SampleNight.Night());

        var stale = await ReadAsync("/runs/r-20260121-220000-kv58-1-0001?page=1");
        var noisy = await ReadAsync("/runs/r-20260121-220200-kv58-3-0003");

        Assert.That(stale, Does.Contain("2.0.0+1f0c").And.Contain("app-6k.bin").And.Contain("4711").And.Contain("pyocd").And.Contain("all cycles done"));
        Assert.That(stale, Does.Match("href=\"/failures/[a-z0-9-]+\">update · write-memory · 10203"), "a failure leads to what is claimed about it");
        Assert.That(stale, Does.Contain("answered 10203").And.Contain("blames the board").And.Contain("app-at-boot"));
        Assert.That(stale, Does.Match("<details id=\"cycle-\\d+\" class=\"part fail\" open"), "a failing cycle is open");
        Assert.That(stale, Does.Match("<details id=\"cycle-\\d+\" class=\"part pass\">"), "a passing cycle is closed");
        Assert.That(noisy, Does.Contain("parity error").And.Contain("Undecided").And.Contain("/stop"), "a run that goes on can be stopped");
    }

    [Test]
    public async Task A_long_run_is_paged_and_every_cycle_is_on_exactly_one_page()
    {
        var run = new RunScript("r-1", cycles: 120);
        for (var cycle = 0; cycle < 120; cycle++)
            run.Cycle(cycle == 70 ? RunScript.CumulativeWrite : null);
        await server.StoreAsync(run.End());

        var pages = await Task.WhenAll(Enumerable.Range(1, 3).Select(page => ReadAsync($"/runs/r-1?page={page}")));

        foreach (var cycle in new[] { 1, 50, 51, 100, 101, 120 })
            Assert.That(pages.Select(page => page.Contains($"<b>Cycle {cycle}</b>")).Count(found => found), Is.EqualTo(1), $"cycle {cycle}");
        Assert.That(await ReadAsync("/runs/r-1"), Does.Contain("page 3 of 3").And.Contain("<b>Cycle 120</b>"), "the newest page is shown first");
        Assert.That(await ReadAsync("/runs/r-1?cycle=71"), Does.Contain("page 2 of 3").And.Contain("<b>Cycle 71</b>"), "a link to a cycle finds its page");
        Assert.That(pages[0], Does.Contain("?page=2#cycle-71"), "a failing cycle is one link away from any page");
    }

    [Test]
    public async Task A_run_that_waits_says_why_and_an_unknown_one_is_not_found()
    {
        var response = await server.PostAsync("/api/v1/runs", new { place = "kv58-9", sequence = "sequence: a\nboard: kv58\nsteps: [ping]", sequenceName = "a.yaml" });

        Assert.That(await ReadAsync(response.Headers.Location!.ToString().Replace("/api/v1", "", StringComparison.Ordinal)), Does.Contain("has not begun: no agent has announced place kv58-9"));
        Assert.That(await ReadAsync("/runs/r-none", HttpStatusCode.NotFound), Does.Contain("There is no run r-none"));
        Assert.That(await ReadAsync("/failures/none", HttpStatusCode.NotFound), Does.Contain("There is no such failure"));
        Assert.That(await ReadAsync("/nothing/here", HttpStatusCode.NotFound), Does.Contain("There is no such page"));
    }

    [Test]
    public async Task A_cancelled_run_and_one_that_was_cut_short_are_shown_as_such()
    {
        var run = new RunScript("r-1").Cycle().Cycle();
        await server.Services.GetRequiredService<IngestWriter>().AppendAsync(
            run.Batch(take: run.Events.Count - 2) with { Events = [.. run.Events.Take(run.Events.Count - 2), new RunEvent("r-1", run.Events.Count - 1, RunScript.Evening, new RunEnded(Verdict.Error, EndReason.AgentLost, "the agent died"))] }, default);

        Assert.That(await ReadAsync("/runs/r-1"), Does.Contain("agent lost").And.Contain("the agent died").And.Contain("Cut short"));
    }

    [Test]
    public async Task Failures_name_the_claim_its_rate_its_places_and_its_best_trigger()
    {
        await server.StoreAsync(SampleNight.Night());

        var page = await ReadAsync("/failures");
        var flags = await server.GetAsync<List<Flag>>("/api/v1/flags");

        Assert.That(page, Does.Contain("Conditional").And.Contain("update · write-memory · 10203"));
        Assert.That(page, Does.Match(@"\d+/\d+ → [\d.]+ % \[[\d.]+–[\d.]+\]"));
        Assert.That(page, Does.Contain("on kv58-1, kv58-2").And.Contain(flags[0].Explain(flags[0].Triggers[0])));
        Assert.That(page.IndexOf("10203", StringComparison.Ordinal), Is.LessThan(page.IndexOf("no-response", StringComparison.Ordinal)), "gravest first");
    }

    [Test]
    public async Task Many_failures_are_paged_and_each_has_its_nights()
    {
        for (var night = 0; night < 2; night++)
        {
            var run = new RunScript($"r-{night}", cycles: 30, at: RunScript.Evening.AddDays(night));
            for (var code = 1; code <= 30; code++)
                run.Cycle(new HilRig.Model.Runs.Failure("write-memory", $"{10000 + code}", "", "it failed"));
            await server.StoreAsync(run.End());
        }

        var pages = new[] { await ReadAsync("/failures?order=new"), await ReadAsync("/failures?order=new&page=2") };

        Assert.That(pages.Select(page => Regex.Count(page, "<article")), Is.EqualTo(new[] { 25, 5 }));
        Assert.That(pages.Select(page => Regex.Count(page, "<night-bars data-small data-nights=\"2026-01-21:1:30:[0-9.:]+ 2026-01-22:1:30:[0-9.:]+\"><span class=\"dim\">failed in 2 of 2 nights")), Is.EqualTo(new[] { 25, 5 }));
        Assert.That(pages[0], Does.Contain("page 1 of 2, 30 in all").And.Contain("href=\"/failures?order=new&page=2\""));
        Assert.That(await ReadAsync("/failures?page=99"), Does.Contain("page 2 of 2"));
    }

    [Test]
    public async Task Failure_shows_triggers_with_their_tables_and_the_evidence_as_a_diff()
    {
        await server.StoreAsync(SampleNight.Night());
        var flags = await server.GetAsync<List<Flag>>("/api/v1/flags");

        var page = await ReadAsync($"/failures/{flags[0].Id}");

        Assert.That(page, Does.Contain("Flagged:").And.Contain("Fisher p"));
        Assert.That(page, Does.Contain("app-at-boot=application").And.Contain($"{flags[0].Triggers[0].Outside}"));
        Assert.That(page, Does.Match("covers \\d+ of \\d+ failures; [0-9.]+ bits of evidence"));
        Assert.That(page, Does.Contain("1000A000").And.Contain("<mark>FF FF FF FF</mark>").And.Contain("not read"));
        Assert.That(page, Does.Contain("generic-response 10203").And.Contain("not captured: the supply has no log"));
        Assert.That(page, Does.Contain("/runs/r-20260121-220000-kv58-1-0001?cycle="));
    }

    [Test]
    public async Task Text_from_a_board_is_never_markup()
    {
        var failure = new Failure("ping", "<b>", "", "<script>alert(1)</script>");
        await server.StoreAsync(new RunScript("r-1").Cycle(failure, evidence: [new("other", "<i>", "<img src=x>", null), new(EvidenceKinds.Views, "views", "{not json", null)]).End());

        foreach (var address in new[] { "/", "/runs", "/runs/r-1", "/failures" })
            Assert.That(await ReadMarkupAsync(address), Does.Not.Contain("<script>alert").And.Not.Contain("<img src=x>"), address);
        Assert.That(await ReadAsync("/runs/r-1"), Does.Contain("{not json"), "evidence that cannot be drawn is shown as it came");
    }

    [Test]
    public async Task Pages_forbid_everything_that_is_not_their_own()
    {
        var response = await server.Http.GetAsync("/");
        var page = await response.Content.ReadAsStringAsync();

        Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'").And.Not.Contain("unsafe"));
        Assert.That(page, Does.Not.Match("<script(?![^>]*src=)").And.Not.Match(" style=").And.Not.Match(" on[a-z]+="));
    }

    [TestCase("GET", "/", 200)]
    [TestCase("GET", "/runs/none", 404)]
    [TestCase("GET", "/api/v1/runs/none", 404)]
    [TestCase("GET", "/api/v1/grid?lines=colour", 400)]
    [TestCase("POST", "/settings/people", 400)]
    public async Task Whatever_the_answer_is_a_browser_is_told_what_it_may_do_with_it(string method, string address, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = method == "POST" ? new FormUrlEncodedContent([KeyValuePair.Create("name", "ann")]) : null };
        using var response = await server.Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        Assert.That(response.Headers.GetValues("Referrer-Policy").Single(), Is.EqualTo("same-origin"));
        Assert.That(response.Headers.GetValues("Cross-Origin-Opener-Policy").Single(), Is.EqualTo("same-origin"));
    }

    [Test]
    public async Task Assets_are_found_under_the_addresses_that_pages_use_and_may_be_kept()
    {
        var page = await ReadAsync("/");
        foreach (var address in Regex.Matches(page, "/assets/[^\"]+").Select(match => match.Value))
        {
            var response = await server.Http.GetAsync(address);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), address);
            Assert.That(response.Headers.CacheControl!.ToString(), Does.Contain("immutable"), address);
        }
        Assert.That((await server.Http.GetAsync("/assets/none.js")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_page_hears_of_the_events_of_its_run()
    {
        using var live = await server.Http.GetStreamAsync("/live?run=r-1");
        using var pings = new StreamReader(live);
        Assert.That(await pings.ReadLineAsync(), Is.EqualTo("data: changed"), "the first ping comes at once");
        await pings.ReadLineAsync();

        await server.StoreAsync(new RunScript("r-2"));
        await server.StoreAsync(new RunScript("r-1"));

        Assert.That(await pings.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(5)), Is.EqualTo("data: changed"));
    }

    /// <summary>The page's markup with its entities resolved.</summary>
    private async Task<string> ReadAsync(string address, HttpStatusCode expected = HttpStatusCode.OK) =>
        WebUtility.HtmlDecode(await ReadMarkupAsync(address, expected));

    private async Task<string> ReadMarkupAsync(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var response = await server.Http.GetAsync(address);
        Assert.That(response.StatusCode, Is.EqualTo(expected), address);
        return await response.Content.ReadAsStringAsync();
    }
}
