using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Demo;

/// <summary>The demo from start to summary.</summary>
public static class DemoRun
{
    private const string Sequence = "test-suites/sequences/kv58/re-update.yaml";
    private const string Image = "test-suites/images/app-6k.bin";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var folder = options.Data is null
            ? Directory.CreateTempSubdirectory("hilrig-demo-").FullName
            : Directory.CreateDirectory(options.Data).FullName;
        var address = new Uri($"http://127.0.0.1:{options.Port}");
        Console.WriteLine($"HilRig demo: three virtual KV58 boards, {options.Cycles} cycles of re-update each, seed {options.Seed}");
        Console.WriteLine($"  kv58-1 to kv58-3; D-cache {(options.CachedBoard is { } board ? $"on at kv58-{board}" : "off everywhere")}; kv58-3 on a noisy serial line");
        Console.WriteLine($"  logs in {folder}");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Limit);
        try
        {
            using var lab = await Lab.StartAsync(options, folder, deadline.Token);
            using var api = new ServerApi(address);
            Console.WriteLine($"  pages at {address}");
            var finding = await WorkAsync(api, options, deadline.Token);
            DemoSummary.Print(finding, Console.Out);
            if (!options.Exit)
                await StayAsync(address, cancellationToken);
            return finding.Promises.All(promise => promise.Holds) ? ExitCode.Pass : ExitCode.Fail;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the demo did not end within {Limit.TotalMinutes:0} minutes; the logs in {folder} say how far it came");
        }
        finally
        {
            if (options.Data is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<DemoFinding> WorkAsync(ServerApi api, DemoOptions options, CancellationToken cancellationToken)
    {
        foreach (var place in Lab.Places)
            await api.OrderAsync(place, Programs.Shipped(Sequence), Programs.Shipped(Image), options.Cycles, options.Seed, cancellationToken);
        var progress = new DemoProgress(options.Cycles, Console.Out, isTerminal: !Console.IsOutputRedirected);
        while (true)
        {
            var runs = await api.RunsAsync(cancellationToken);
            progress.Show(runs);
            if (runs.Count == Lab.Places.Count && runs.All(run => !run.IsRunning))
                break;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
        return await DemoFinding.ReadAsync(api, options, cancellationToken);
    }

    private static async Task StayAsync(Uri address, CancellationToken cancellationToken)
    {
        Console.WriteLine();
        Console.WriteLine($"The pages stay at {address} until you press Ctrl+C.");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
