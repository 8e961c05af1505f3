using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Dapper;
using HilRig.Bench.Server;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server;
using HilRig.Server.Judging;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace HilRig.Bench.Pages;

/// <summary>
/// <c>bench pages</c>: what a reader waits for, at a grown history: every page's time to first byte, and in a headless Chromium the first
/// paint of an empty page, of the grid with 200 × 400 cells and of the timeline of a long run, with the frame rate while it zooms.
/// </summary>
internal static class PagesBench
{
    private const string LongRun = "r-long";
    private const int EventsAtOnce = 10_000;

    /// <summary>The frame of every page around a list with nothing in it.</summary>
    private const string Empty = "/campaigns";

    private const string Paint = "new Promise(done => { const look = () => { const seen = performance.getEntriesByName('first-contentful-paint')[0]; seen ? done(seen.startTime) : requestAnimationFrame(look); }; look(); })";

    /// <summary>Notes at which frame each thing first stood there.</summary>
    private const string Watch =
        """
        window.firstSeen = {};
        const look = () => {
          for (const what of ['body', 'rig-grid[data-painted]', '.timeline[data-ready]']) if (!(what in firstSeen) && document.querySelector(what)) firstSeen[what] = performance.now();
          requestAnimationFrame(look);
        };
        look();
        """;

    public static Command Create()
    {
        var steps = new Option<int>("--steps") { Description = "Step rows of the history", DefaultValueFactory = _ => 10_000_000 };
        var events = new Option<int>("--events") { Description = "Events of the long run", DefaultValueFactory = _ => 1_000_000 };
        var times = new Option<int>("--times") { Description = "How often each page is asked for", DefaultValueFactory = _ => 60 };
        var loads = new Option<int>("--loads") { Description = "How often each page is loaded in the browser", DefaultValueFactory = _ => 7 };
        var command = new Command("pages", "First byte of every page; first paint and frame rate in Chromium") { steps, events, times, loads };
        command.SetServersAction(async (parsed, token) =>
        {
            var folder = Directory.CreateTempSubdirectory("hilrig-pages-").FullName;
            try
            {
                await GrowAsync(folder, parsed.GetValue(steps), parsed.GetValue(events), parsed.InvocationConfiguration.Output, token);
                await using var server = await RigServer.StartAsync(new ServerOptions(folder, IPAddress.Loopback, 0), token);
                await server.Services.GetRequiredService<FlagBook>().Complete.WaitAsync(token);
                await FirstBytesAsync(server, parsed.GetValue(times), parsed.InvocationConfiguration.Output, token);
                await PaintAsync(server.Url, parsed.GetValue(loads), parsed.InvocationConfiguration.Output);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    private static async Task GrowAsync(string folder, int steps, int events, TextWriter output, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var database = await SqliteDatabase.OpenAsync(Path.Combine(folder, "hilrig.db"), cancellationToken);
        var runs = await GrownHistory.GrowAsync(database, steps, cancellationToken);
        var store = new RunStore(database);
        foreach (var chunk in BenchRun.Of(LongRun, events).Events.Chunk(EventsAtOnce))
            await store.AppendAsync([new EventBatch(LongRun, 0, chunk)], cancellationToken);
        await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(FillGrid, transaction: transaction), cancellationToken);
        output.WriteLine($"sqlite: {runs * GrownHistory.StepsInRun:N0} step rows in {runs:N0} runs, a run of {events:N0} events, a grid of 200 × 400; made in {watch.Elapsed.TotalSeconds:0} s");
    }

    // Only the rows that a grid counts: 200 sequences on each of 400 nights, before the history begins.
    private const string FillGrid =
        """
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 79999)
        INSERT INTO tally SELECT 1600000000000000000 + (i / 200) * 86400000000000, 1000000000 + i, 'kv58-' || (i % 7), '1.0.0', 'sequence-' || substr('00' || (i % 200), -3), 40,
               CASE WHEN (i % 200) % 9 = 4 AND (i / 200) % 5 = 0 THEN 3 ELSE 0 END, CASE WHEN i % 97 = 0 THEN 1 ELSE 0 END FROM n
        """;

    private static string GridAddress => $"/grid?nights=400&until={DateTimeOffset.FromUnixTimeSeconds(1_600_000_000 + (399 * 86_400)):yyyy-MM-dd}";

    private static async Task FirstBytesAsync(RigServer server, int times, TextWriter output, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        var reader = server.Services.GetRequiredService<IRunReader>();
        var flag = (await reader.ListFlagsAsync(cancellationToken))[0];
        var run = GrownHistory.RunIdOf(3);
        output.WriteLine($"{"time to first byte in ms",-44}{"p50",9}{"p95",9}{"/ empty",9}");
        double? empty = null;
        foreach (var address in new[] { Empty, "/", "/night", "/runs", $"/runs/{run}", $"/runs/{LongRun}", $"/runs/{run}/timeline", $"/runs/{LongRun}/timeline", "/failures", $"/failures/{flag.Id}", "/grid", GridAddress, "/grid?lines=run", "/releases", "/compare", "/places", "/settings", "/search", $"/api/v1/runs/{LongRun}/timeline" })
        {
            var took = new List<double>();
            for (var time = -3; time < times; time++)
            {
                var begun = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (answer.StatusCode != HttpStatusCode.OK)
                    break;
                var first = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                if (time >= 0)
                    took.Add(first);
            }
            if (took.Count == 0)
            {
                output.WriteLine($"{Short(address),-44}   not there");
                continue;
            }
            took.Sort();
            empty ??= At(took, 0.95);
            output.WriteLine($"{Short(address),-44}{At(took, 0.5),9:0.0}{At(took, 0.95),9:0.0}{At(took, 0.95) / empty,9:0.0}");
        }
    }

    private static async Task PaintAsync(Uri server, int loads, TextWriter output)
    {
        await using var chromium = await Chromium.StartAsync();
        if (chromium is null)
        {
            output.WriteLine("no Chromium here: first paint and frame rate are not measured");
            return;
        }
        var page = await chromium.Browser.NewPageAsync(new() { BaseURL = server.ToString(), ViewportSize = new() { Width = 1280, Height = 900 } });
        await page.AddInitScriptAsync(Watch);
        output.WriteLine($"{"in Chromium, median of " + loads + " in ms",-44}{"paint",9}{"drawn",9}{"/ empty",9}");
        var empty = await LoadAsync(page, Empty, "body", loads);
        Line("empty page", empty, empty);
        Line("grid, 200 × 400 cells", await LoadAsync(page, GridAddress, "rig-grid[data-painted]", loads), empty);
        Line($"timeline of {LongRun}", await LoadAsync(page, $"/runs/{LongRun}", ".timeline[data-ready]", loads), empty);
        output.WriteLine($"{"the same while it zooms, frames a second",-44}{await page.EvaluateAsync<double>(ZoomFrames),9:0}");

        void Line(string name, (double Paint, double Drawn) took, (double Paint, double Drawn) than) => output.WriteLine($"{name,-44}{took.Paint,9:0}{took.Drawn,9:0}{took.Drawn / than.Drawn,9:0.0}");
    }

    /// <summary>Medians of the first contentful paint, and of when what the page is for was drawn.</summary>
    private static async Task<(double Paint, double Drawn)> LoadAsync(IPage page, string address, string drawn, int loads)
    {
        var (paints, draws) = (new List<double>(), new List<double>());
        for (var load = -1; load < loads; load++)
        {
            await page.GotoAsync("about:blank");
            await page.GotoAsync(address);
            var seen = await page.EvaluateAsync<double>($"new Promise(done => {{ const wait = () => '{drawn}' in firstSeen ? done(firstSeen['{drawn}']) : requestAnimationFrame(wait); wait(); }})");
            var paint = await page.EvaluateAsync<double>(Paint);
            if (load < 0)
                continue;
            paints.Add(paint);
            draws.Add(drawn == "body" ? paint : seen);
        }
        paints.Sort();
        draws.Sort();
        return (At(paints, 0.5), At(draws, 0.5));
    }

    /// <summary>Three seconds of wheel, in and out, an event a frame.</summary>
    private const string ZoomFrames =
        """
        new Promise(done => {
          const over = document.querySelector('.lanes .u-over');
          const box = over.getBoundingClientRect();
          const began = performance.now();
          let frames = 0;
          const turn = () => {
            const now = performance.now();
            if (now - began > 3000) return done(1000 * frames / (now - began));
            const deltaY = Math.floor((now - began) / 750) % 2 === 0 ? -40 : 40;
            over.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: box.left + box.width / 3, clientY: box.top + 20, bubbles: true, cancelable: true }));
            frames += 1;
            requestAnimationFrame(turn);
          };
          requestAnimationFrame(turn);
        })
        """;

    private static string Short(string address) => address.Length <= 42 ? address : address[..41] + "…";

    private static double At(List<double> sorted, double part) => sorted[(int)Math.Min(sorted.Count - 1, part * sorted.Count)];
}
