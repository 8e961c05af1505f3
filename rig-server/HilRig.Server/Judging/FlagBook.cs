using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Judging;

/// <summary>The flags of everything stored: samples go in as they are committed, each once, and are judged when somebody looks.</summary>
public sealed class FlagBook : IDisposable
{
    private const int SamplesAtOnce = 10_000;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim oneReader = new(1, 1);
    private readonly FlagJudge judge = new();
    private readonly Dictionary<string, long> positions = [];
    private IReadOnlyList<Flag>? judged;

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
            if (runIds is null)
                await AddAsync(store.ReadSamplesAsync(null, 0, cancellationToken), cancellationToken);
            foreach (var runId in runIds ?? [])
            {
                var held = await store.FindPositionAsync(runId, cancellationToken);
                await AddAsync(store.ReadSamplesAsync(runId, After(runId), cancellationToken), cancellationToken);
                Reach(runId, held);
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
