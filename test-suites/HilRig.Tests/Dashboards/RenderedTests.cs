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
