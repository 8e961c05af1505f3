using System.Text.RegularExpressions;
using HilRig.Dashboards.Figures;
using HilRig.Dashboards.Layout;
using HilRig.Server.Storage;
using HilRig.Tests.Server;
using Dapper;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>Every page of the shell, empty, filled and refused; the routes are those of the assembly, so that no page is forgotten.</summary>
public sealed partial class EveryPageTests : BrowserFixture
{
    private FilledRig rig = null!;

    [OneTimeSetUp]
    public async Task Start() => rig = await FilledRig.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (rig is not null)
            await rig.DisposeAsync();
    }

    private static IEnumerable<string> Routes => typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), inherit: false)).Cast<RouteAttribute>().Select(route => route.Template);

    [Test]
    public async Task Filled_it_fits_keeps_the_rules_of_accessibility_and_has_no_complaint()
    {
        Assert.That(rig.Addresses.Keys, Is.EquivalentTo(Routes), "a page without an address here is not looked at");
        await VisitAsync(rig.Server, rig.Addresses.Values.Append("/?kiosk=1").Append("/grid?lines=run"), "filled", new PageJudge(oneIn: 3));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task Empty_missing_or_refused_it_does_so_too()
    {
        await using var empty = await TestServer.StartAsync();
        await VisitAsync(empty, Routes.Select(route => Parameter().Replace(route, "none")).Append("/nothing/here").Append("/night?date=soon"), "empty", new PageJudge(oneIn: 6));
        await empty.Service<IDatabase>().WriteAsync(transaction => transaction.Connection!.ExecuteAsync("DROP TABLE sign_off", transaction: transaction), default);
        await VisitAsync(empty, ["/releases"], "trouble", new PageJudge());
        Assert.That(Complaints, Is.Empty);
        await ClosePages();
    }

    [Test]
    public async Task Every_kind_of_number_has_its_two_sentences_and_every_page_leads_to_those_of_its_own()
    {
        var entries = Entry().Matches(await rig.Server.Http.ReadPageAsync("/numbers")).Select(match => match.Groups[1].Value).ToHashSet();
        var linked = new HashSet<string>();
        foreach (var address in rig.Addresses.Values)
            linked.UnionWith(Link().Matches(await rig.Server.Http.ReadPageAsync(address)).Select(match => match.Groups[1].Value));

        Assert.That(Explanation.All.SelectMany(group => group.Entries).Select(entry => entry.Figure), Is.EquivalentTo(Enum.GetValues<Figure>()));
        Assert.That(Explanation.All.SelectMany(group => group.Entries).Where(entry => Sentence().Count(entry.Text) != 2).Select(entry => entry.Term), Is.Empty, "two sentences each");
        Assert.That(linked.Except(entries).Where(id => !id.StartsWith("group-", StringComparison.Ordinal)), Is.Empty, "links that lead nowhere");
        Assert.That(entries.Except(linked), Is.Empty, "entries that no page links");
    }

    /// <summary>An answer that is no page of data is a page too; the browser's own word about its status is no complaint of ours.</summary>
    private async Task VisitAsync(TestServer server, IEnumerable<string> addresses, string state, PageJudge judge)
    {
        var page = await Browser.OpenAsync(server.Url, Complaints);
        var refused = 0;
        foreach (var address in addresses)
        {
            var answer = (await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load }))!;
            await judge.RequireGoodAsync(page, $"{state}{NotOfAName().Replace(address, "-")}");
            refused += answer.Status >= 400 ? 1 : 0;
        }
        Assert.That(Complaints.RemoveAll(complaint => complaint.Contains("the server responded with a status of")), Is.LessThanOrEqualTo(refused), "something that a page needs is missing");
    }

    [GeneratedRegex("<div id=\"([a-z-]+)\"><dt>")]
    private static partial Regex Entry();

    [GeneratedRegex("href=\"/numbers#([a-z0-9-]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex(@"\.(?= [A-Z“]|$)")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[^\w]+")]
    private static partial Regex NotOfAName();
}
