using System.Collections.Concurrent;
using System.Diagnostics;
using HilRig.Agent.Hub;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace HilRig.Bench.Runner;

/// <summary>
/// All of a serving agent but the network: orders, runs, journals on disk, events read back and handed over in batches to a server that
/// acknowledges each at once. It is this process; its pyOCD children are counted with it.
/// </summary>
internal sealed class LoadedAgent : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> cyclesOf = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly CancellationTokenSource stop = new();
    private readonly JournalShelf shelf;
    private readonly ArtifactStore artifacts;
    private readonly EventSender sender;
    private readonly OrderDesk desk;
    private readonly Task sending;
    private readonly int boardProcess;

    public LoadedAgent(IReadOnlyList<Place> places, string folder, int boardProcess)
    {
        this.boardProcess = boardProcess;
        var data = new StateFolder(folder);
        shelf = new JournalShelf(data.Runs, TimeProvider.System);
        artifacts = new ArtifactStore(new Uri("http://127.0.0.1:9"), data.Artifacts);
        sender = new EventSender(shelf, NullLogger.Instance);
        desk = new OrderDesk("bench", places, shelf, sender, artifacts, data, TimeProvider.System, NullLogger.Instance);
        sending = sender.SendAsync((batch, _) => Task.FromResult(TakeAsync(batch)), 1, [], stop.Token);
    }

    /// <summary>Every step that did not pass, in words.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>Runs that ended, by the server's word.</summary>
    public int Ended { get; private set; }

    /// <summary>Cycles that the server has heard of, by place.</summary>
    public int CyclesOf(Place place) => cyclesOf.GetValueOrDefault(RunOf(place));

    public async Task OrderAsync(IEnumerable<Place> places, ReUpdate story, int cycles)
    {
        foreach (var place in places)
            await desk.StartRun(new RunOrder(RunOf(place), 1, place.Name, "re-update.yaml", story.Text, null, null, cycles, ReUpdate.Seed, null));
    }

    /// <summary>CPU time so far, and resident bytes after a collection, of this process and its pyOCD children.</summary>
    public Usage Measure()
    {
        var live = GC.GetTotalMemory(forceFullCollection: true);
        using var self = Process.GetCurrentProcess();
        var usage = new Usage(self.TotalProcessorTime, self.WorkingSet64, live, GC.GetGCMemoryInfo().TotalCommittedBytes, TimeSpan.Zero, 0);
        foreach (var child in Children(self.Id))
        {
            using (child)
                usage = usage with { ProbeCpu = usage.ProbeCpu + child.TotalProcessorTime, ProbeBytes = usage.ProbeBytes + child.WorkingSet64 };
        }
        return usage;
    }

    public async ValueTask DisposeAsync()
    {
        await desk.DisposeAsync();
        await stop.CancelAsync();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        sender.Dispose();
        artifacts.Dispose();
        shelf.Dispose();
        stop.Dispose();
    }

    private static string RunOf(Place place) => $"r-{place.Name}";

    private Task<long> TakeAsync(EventBatch batch)
    {
        foreach (var runEvent in batch.Events)
        {
            if (runEvent.Body is CycleEnded)
                cyclesOf.AddOrUpdate(batch.RunId, 1, (_, count) => count + 1);
            else if (runEvent.Body is StepEnded { Failure: { } failure } step)
                failures.Enqueue($"{batch.RunId}, cycle {step.Cycle}, `{step.Step}`: {failure.Message}");
            else if (runEvent.Body is RunEnded end)
            {
                Ended++;
                if (end.Reason != EndReason.Completed)
                    failures.Enqueue($"{batch.RunId} ended: {end.Message}");
            }
        }
        return Task.FromResult(batch.Events[^1].Number);
    }

    private IEnumerable<Process> Children(int parent) =>
        Process.GetProcesses().Where(process => process.Id != boardProcess && ParentOf(process.Id) == parent);

    /// <summary>The fourth field of <c>/proc/PID/stat</c>, behind the name in brackets.</summary>
    private static int ParentOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>What an agent has used.</summary>
    internal sealed record Usage(TimeSpan Cpu, long Bytes, long LiveBytes, long CommittedBytes, TimeSpan ProbeCpu, long ProbeBytes);
}
