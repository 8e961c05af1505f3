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
    private readonly Dictionary<string, long> newest = [];
    private IReadOnlyList<Flag>? judged;

    /// <summary>Samples of any runs, of each run in order; those that are in the book already are passed over.</summary>
    public void Add(IReadOnlyList<StepSample> samples)
    {
        if (samples.Count == 0)
            return;
        lock (gate)
        {
            foreach (var sample in samples.Where(sample => sample.Number > newest.GetValueOrDefault(sample.RunId)))
            {
                judge.Add(sample);
                newest[sample.RunId] = sample.Number;
            }
            judged = null;
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
                await AddAsync(store.ReadSamplesAsync(runId, After(runId), cancellationToken), cancellationToken);
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
            Add(samples);
    }

    private long After(string runId)
    {
        lock (gate)
            return newest.GetValueOrDefault(runId);
    }
}
