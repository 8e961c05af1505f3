using System.Diagnostics;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>Draws each fault until so many of its runs had something to judge, several runs side by side.</summary>
/// <param name="seed">Replays every draw, not what the machine made of it.</param>
public sealed class FaultCampaign(IReadOnlyList<LabelledFault> faults, int repeats, int seed, TrialLog log, Action<TrialResult> noted)
{
    /// <summary>A fault that chance keeps from showing is given up after so many times the repeats.</summary>
    private const int MostDraws = 4;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Progress> progress = faults.ToDictionary(fault => fault.Name, fault => Progress.Of(fault, log));

    public async Task RunAsync(int parallel, CancellationToken cancellationToken)
    {
        using var starvation = new Starvation();
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(() => WorkAsync(starvation, cancellationToken), cancellationToken)));
    }

    private async Task WorkAsync(Starvation starvation, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Take() is { } next)
        {
            while (starvation.IsBad)
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            var (began, moment) = (Stopwatch.GetTimestamp(), starvation.Now);
            var (outcome, hasRun) = await TryAsync(next.Fault, next.Draw, cancellationToken);
            var result = new TrialResult(next.Fault.Name, next.Fault.Truth, next.Draw, outcome.Said, Stopwatch.GetElapsedTime(began).TotalSeconds, outcome.Because) { IsVoid = !hasRun || starvation.WasBadSince(moment) };
            lock (gate)
            {
                log.Add(result);
                progress[next.Fault.Name].Done(result);
            }
            noted(result);
        }
    }

    /// <summary>A trial that could not be set up or never ended is no judgement; the night goes on.</summary>
    private async Task<(TrialOutcome Outcome, bool HasRun)> TryAsync(LabelledFault fault, int draw, CancellationToken cancellationToken)
    {
        try
        {
            return (await TrialBench.TryAsync(fault, SeedOf(fault, draw), cancellationToken), true);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (new TrialOutcome(Layer.None, exception.ToString()), false);
        }
    }

    /// <summary>The fault with the fewest draws comes next, so that a campaign that is broken off knows something of each.</summary>
    private (LabelledFault Fault, int Draw)? Take()
    {
        lock (gate)
        {
            var open = faults.Where(fault => progress[fault.Name].Wants(repeats, MostDraws * repeats)).MinBy(fault => progress[fault.Name].Draws);
            return open is null ? null : (open, progress[open.Name].Begin());
        }
    }

    private int SeedOf(LabelledFault fault, int draw) => Convert.ToInt32(Digest.OfText($"{seed} {fault.Name} {draw}")[..7], 16);

    private sealed class Progress
    {
        private int judged;
        private int underway;
        private int voids;

        public int Draws { get; private set; }

        public static Progress Of(LabelledFault fault, TrialLog log)
        {
            var done = log.Results.Where(result => result.Fault == fault.Name).ToList();
            return new Progress { Draws = done.Count == 0 ? 0 : done.Max(result => result.Draw), judged = done.Count(result => result.IsJudged), voids = done.Count(result => result.IsVoid) };
        }

        public bool Wants(int repeats, int most) => judged + underway < repeats && Draws - voids < most;

        public int Begin()
        {
            underway++;
            return ++Draws;
        }

        public void Done(TrialResult result)
        {
            underway--;
            judged += result.IsJudged ? 1 : 0;
            voids += result.IsVoid ? 1 : 0;
        }
    }
}
