using System.Net;
using System.Reflection;
using HilRig.Dashboards.Components;
using HilRig.Dashboards.Pages;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>Pages and parts of them by the framework's own renderer, on a reader that answers what a test says: states that a server is in for a moment only.</summary>
public sealed class RenderedTests
{
    [Test]
    public async Task While_the_history_is_read_no_page_says_that_nothing_fails()
    {
        var reader = Reader(isHistoryRead: false);

        Assert.That(await RenderAsync<Failures>(reader), Does.Contain("still reads its history").And.Not.Contain("No step has failed"));
        Assert.That(await RenderAsync<HilRig.Dashboards.Pages.Failure>(reader, (nameof(HilRig.Dashboards.Pages.Failure.FlagId), "f-1")), Does.Contain("No such failure is known yet").And.Contain("Load the page again"));
        Assert.That(await RenderAsync<Failures>(Reader(isHistoryRead: true)), Does.Contain("No step has failed yet").And.Not.Contain("still reads its history"));
    }

    [Test]
    public async Task Conditions_that_the_data_cannot_tell_apart_are_bracketed_and_each_says_what_it_covers()
    {
        var (held, otherwise) = (new Rate(41, 41, 0.91, 1), new Rate(0, 212, 0, 0.02));
        var triggers = new[] { "app-at-boot=application", "updates-since-reset>=1" }
            .Select(condition => new Trigger(condition, $"{condition} in words", held, otherwise, 1e-30, Rank: 1) { Log10P = -30, Bits = 88.5, ByBoard = "kv58-1: 20 of 20 against 0 of 106" });
        var flag = new Flag("f", "2.0.0", "re-update", "", ["kv58-1"], new Fingerprint("update", "write-memory", "10203", ""), FlagClass.Conditional, new Rate(41, 253, 0.12, 0.21), new Rate(0, 212, 0, 0.02), RunScript.Evening, RunScript.Evening, "", [.. triggers]);

        var table = await RenderAsync<TriggerTable>(Reader(isHistoryRead: true), (nameof(TriggerTable.Flag), flag));

        Assert.That(table, Does.Contain("The data cannot tell these 2 apart"));
        Assert.That(table, Does.Contain("covers 41 of 41 failures; 88.5 bits of evidence; kv58-1: 20 of 20 against 0 of 106"));
    }

    [Test]
    public async Task An_investigation_tells_whose_it_is_its_arms_and_candidates_as_rates_and_its_reproducer()
    {
        var report = new InvestigationReport("f", [new("here", "kv58-1", "auto-f-here", new Rate(19, 20, 0.751, 0.999)), new("other-board", "kv58-2", "auto-f-other-board", new Rate(0, 20, 0, 0.168))], Layer.Rig, "only this place shows it", "sequence: reproducer", ["nothing before it, update"])
        {
            Tried = [new("reset", ["auto-f-try-1", "auto-f-try-1-2"], new Rate(3, 9, 0.075, 0.701))],
            Proven = new ProvenReproducer("update", "fails 37 of 40 in 2 steps", new Rate(37, 40, 0.796, 0.984), new Rate(0, 38, 0, 0.093), 812, 0.99),
            Spent = 66,
            Budget = 150,
        };

        var view = await ViewAsync(report);
        var begun = await ViewAsync(report with { Blame = null, Reason = "runs are waited for", Reproducer = null, Proven = null, Proof = [] });

        Assert.That(view, Does.Contain("It blames the rig: only this place shows it.").And.Contain("<pre id=\"reproducer\" tabindex=\"0\">sequence: reproducer</pre>"));
        Assert.That(view, Does.Contain("other board").And.Contain("19/20 → 95 % [75.1–99.9]").And.Contain("0/20 → 0 % [0–16.8]").And.Contain("href=\"/runs/auto-f-here\""));
        Assert.That(view, Does.Contain("1 candidate was tried, 66 of 150 cycles").And.Contain("3/9 → 33.33 % [7.5–70.1]").And.Contain("/runs/auto-f-try-1-2"));
        Assert.That(view, Does.Contain("fails 37 of 40 in 2 steps").And.Contain("37/40 → 92.5 % [79.6–98.4]").And.Contain("without them <span class=\"rate\" title=").And.Contain("0/38 → 0 % [0–9.3]"));
        Assert.That(view, Does.Not.Contain("<form"), "who may not order anything is shown no button");
        Assert.That(begun, Does.Contain("Under way: runs are waited for.").And.Contain("Not yet: 66 of 150 cycles are spent."));
        Assert.That(await ViewAsync(null), Does.Contain("The rig has not followed this failure").And.Contain("./rig reproduce EVENTS --flag f"));
    }

    [Test]
    public async Task A_failures_nights_read_as_a_sentence_and_a_table_where_no_script_draws_them()
    {
        FailureNight[] nights = [new(new DateOnly(2026, 1, 21), new Rate(3, 60, 0.0104, 0.1392)), new(new DateOnly(2026, 1, 23), new Rate(0, 60, 0, 0.0596))];
        var change = new RateChange("2026-01-22 23:00", new DateTimeOffset(2026, 1, 22, 20, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 23, 1, 0, 0, TimeSpan.Zero), nights[0].Rate, nights[1].Rate, 10);

        var history = await RenderAsync<FailureHistory>(Reader(isHistoryRead: true), (nameof(FailureHistory.Nights), nights), (nameof(FailureHistory.Changes), new[] { change }));

        Assert.That(history, Does.Contain("It failed in 1 of 2 nights, 21 Jan to 23 Jan 2026").And.Contain("3/60 → 5 % [1.04–13.92]"));
        Assert.That(history.IndexOf("2026-01-23</td>", StringComparison.Ordinal), Is.LessThan(history.IndexOf("2026-01-21</td>", StringComparison.Ordinal)), "the newest first");
        Assert.That(history, Does.Contain("data-nights=\"2026-01-21:3:60:0.0104:0.1392 2026-01-23:0:60:0:0.0596\"").And.Contain("data-changes=\"2026-01-22T20:00:00.0000000Z/2026-01-23T01:00:00.0000000Z\""));
    }

    private static Task<string> ViewAsync(InvestigationReport? report) => RenderAsync<InvestigationView>(Reader(isHistoryRead: true), (nameof(InvestigationView.Flag), Accusing), (nameof(InvestigationView.Report), report!));

    private static Flag Accusing { get; } =
        new("f", "2.0.0", "re-update", "", ["kv58-1"], new Fingerprint("update", "write-memory", "10203", ""), FlagClass.Intermittent, new Rate(41, 253, 0.12, 0.21), new Rate(0, 212, 0, 0.02), RunScript.Evening, RunScript.Evening, "", []);

    private static IRunReader Reader(bool isHistoryRead)
    {
        var reader = DispatchProxy.Create<IRunReader, Answers>();
        ((Answers)(object)reader).IsHistoryRead = isHistoryRead;
        return reader;
    }

    private static async Task<string> RenderAsync<TComponent>(IRunReader reader, params (string Name, object Value)[] parameters)
        where TComponent : IComponent
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(reader).AddSingleton(TimeProvider.System).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return WebUtility.HtmlDecode(await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters.ToDictionary(pair => pair.Name, object? (pair) => pair.Value)))).ToHtmlString()));
    }

    /// <summary>A store with one clean run and no failure.</summary>
    public class Answers : DispatchProxy
    {
        public bool IsHistoryRead { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "get_IsHistoryRead" => IsHistoryRead,
            nameof(IRunReader.ListFlagsAsync) => Task.FromResult<IReadOnlyList<Flag>>([]),
            nameof(IRunReader.ListRunsAsync) => Task.FromResult<IReadOnlyList<RunSummary>>([Clean]),
            _ => throw new NotSupportedException($"no page of this test asks for {targetMethod.Name}"),
        };

        private static RunSummary Clean
        {
            get
            {
                var fold = new RunFold();
                foreach (var runEvent in new RunScript("r-1").Cycle().End().Events)
                    fold.Apply(runEvent);
                return fold.ToSummary();
            }
        }
    }
}
