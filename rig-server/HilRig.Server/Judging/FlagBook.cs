using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Judging;

/// <summary>
/// The flags of everything stored: samples go in as they are committed, each once, and are judged when somebody looks. A server that starts reads
/// the history beside its work; in whatever order runs get in, the flags come out the same.
/// </summary>
public sealed class FlagBook : IDisposable
{
    private const int SamplesAtOnce = 10_000;
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly SemaphoreSlim oneReader = new(1, 1);
    private readonly FlagJudge judge = new();
    private readonly Dictionary<string, long> positions = [];
    private IReadOnlyList<Flag>? judged;
    private long held;

    /// <summary>Ends when everything that was stored before the server started is in the book.</summary>
    public Task Complete => complete.Task;

    /// <summary>Samples in the book.</summary>
    public long Samples => Interlocked.Read(ref held);

    /// <summary>Reads the history, once.</summary>
    public async Task LoadAsync(IRunStore store, CancellationToken cancellationToken)
    {
        var before = await store.ListPositionsAsync(cancellationToken);
        await AddAsync(store.ReadSamplesAsync(null, 0, cancellationToken), cancellationToken);
        foreach (var run in before)
            Reach(run.RunId, run.Number);
        complete.TrySetResult();
    }

    /// <summary>The samples among a run's events after <paramref name="from"/> up to <paramref name="to"/>; false, and nothing taken, where the book does not know all before them.</summary>
    public bool TryAdd(string runId, long from, long to, IReadOnlyList<StepSample> samples)
    {
        lock (gate)
        {
            if (positions.GetValueOrDefault(runId) is var position && position < from)
                return false;
            if (to <= position)
                return true;
            Take(samples);
            positions[runId] = to;
            return true;
        }
    }

    /// <summary>Reads what the store holds beyond the book, of these runs or for null of all.</summary>
    public async Task CatchUpAsync(IRunStore store, IReadOnlyList<string>? runIds, CancellationToken cancellationToken)
    {
        await oneReader.WaitAsync(cancellationToken);
        try
        {
            foreach (var (runId, number) in runIds is null ? await store.ListPositionsAsync(cancellationToken) : await PositionsAsync(store, runIds, cancellationToken))
            {
                if (number <= After(runId))
                    continue;
                await AddAsync(store.ReadSamplesAsync(runId, After(runId), cancellationToken), cancellationToken);
                Reach(runId, number);
            }
        }
        finally
        {
            oneReader.Release();
        }
    }

    /// <summary>All claims as of the last sample, gravest first.</summary>
    public IReadOnlyList<Flag> Read()
    {
        lock (gate)
            return judged ??= judge.Judge();
    }

    public void Dispose() => oneReader.Dispose();

    private static async Task<IReadOnlyList<RunPosition>> PositionsAsync(IRunStore store, IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        var positions = new List<RunPosition>();
        foreach (var runId in runIds)
            positions.Add(new RunPosition(runId, await store.FindPositionAsync(runId, cancellationToken)));
        return positions;
    }

    private async Task AddAsync(IAsyncEnumerable<StepSample> stored, CancellationToken cancellationToken)
    {
        await foreach (var samples in stored.Chunk(SamplesAtOnce).WithCancellation(cancellationToken))
        {
            lock (gate)
                Take(samples);
        }
    }

    /// <summary>Samples of any runs, of each run in order; those that are in the book already are passed over.</summary>
    private void Take(IReadOnlyList<StepSample> samples)
    {
        if (samples.Count == 0)
            return;
        foreach (var sample in samples)
        {
            if (sample.Number <= positions.GetValueOrDefault(sample.RunId))
                continue;
            judge.Add(sample);
            positions[sample.RunId] = sample.Number;
            held++;
        }
        judged = null;
    }

    private long After(string runId)
    {
        lock (gate)
            return positions.GetValueOrDefault(runId);
    }

    /// <summary>Everything up to that event is in the book, samples or not.</summary>
    private void Reach(string runId, long number)
    {
        lock (gate)
            positions[runId] = Math.Max(positions.GetValueOrDefault(runId), number);
    }
}
