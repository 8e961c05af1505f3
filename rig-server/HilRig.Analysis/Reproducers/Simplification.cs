using System.Numerics;

namespace HilRig.Analysis.Reproducers;

/// <summary>
/// Makes a candidate that fails simpler still: fewer of many steps and of repetitions, then smaller images, lower rates, shorter
/// pauses. Of each it tries the simplest first and halves the way back; whatever it takes has been seen failing.
/// </summary>
public sealed class Simplification
{
    /// <summary>More than the search believes in one by one: such a set has not been cut down to what is needed.</summary>
    private const int ManySteps = 4;

    private readonly FailingCycle failing;
    private readonly double rate;
    private readonly double background;
    private readonly Queue<Func<IReadOnlyList<Candidate>>> aspects;
    private IReadOnlyList<Candidate> rungs;
    private int taken;
    private int dropped = 1;
    private (int Rung, SequentialTest Test)? asked;

    /// <param name="start">What fails.</param>
    public Simplification(FailingCycle failing, Candidate start, double rate, double background)
    {
        (this.failing, this.rate, this.background) = (failing, rate, background);
        rungs = [start];
        aspects = new Queue<Func<IReadOnlyList<Candidate>>>([
            Youngest,
            .. Repetitions().Select(run => (Func<IReadOnlyList<Candidate>>)(() => Fewer(run))),
            .. failing.Values.Select((_, value) => (Func<IReadOnlyList<Candidate>>)(() => Simpler(value)))]);
    }

    /// <summary>The simplest that was seen failing.</summary>
    public Candidate Simplest => rungs[taken];

    /// <summary>What to run next; null when nothing is left to try.</summary>
    public Candidate? Next()
    {
        while (asked is null)
        {
            if (dropped - taken > 1)
                asked = (dropped == rungs.Count ? dropped - 1 : (taken + dropped) / 2, new SequentialTest(rate, background));
            else if (!aspects.TryDequeue(out var aspect))
                return null;
            else
                (rungs, taken) = (aspect(), 0);
            if (asked is null)
                dropped = rungs.Count;
        }
        return rungs[asked.Value.Rung];
    }

    /// <param name="runs">Cycles that told; none where the sequence was refused, which is an answer as well.</param>
    public void Record(Candidate candidate, int failures, int runs)
    {
        if (Next() != candidate || asked is not { } now)
            return;
        var (rung, test) = now;
        test.Record(failures, runs);
        if (test.IsAccepted)
            (taken, asked) = (rung, null);
        else if (test.IsRejected || runs == 0)
            (dropped, asked) = (rung, null);
    }

    /// <summary>The youngest half of many steps, a quarter of them and so on.</summary>
    private List<Candidate> Youngest()
    {
        var kept = Positions(Simplest.Steps);
        return kept.Count < ManySteps ? [Simplest] : Shorter(kept.Count, count => Simplest with { Steps = Mask(kept.TakeLast(count)) });
    }

    /// <summary>Fewer of the same step made again and again; the youngest stay.</summary>
    private List<Candidate> Fewer(ulong run)
    {
        var kept = Positions(Simplest.Steps & run);
        return kept.Count < 2 ? [Simplest] : Shorter(kept.Count, count => Simplest with { Steps = Simplest.Steps & ~run | Mask(kept.TakeLast(count)) });
    }

    private IReadOnlyList<Candidate> Simpler(int value)
    {
        var ladder = failing.Values[value];
        var isMade = ladder.Step == ValueLadder.OfImage || ladder.Step == failing.Before.Count || (Simplest.Steps >> ladder.Step & 1) != 0;
        return isMade ? [.. ladder.Rungs.Select((_, rung) => rung == 0 ? Simplest : Simplest.With(value, rung))] : [Simplest];
    }

    /// <summary>Steps that stand beside their like.</summary>
    private IEnumerable<ulong> Repetitions()
    {
        for (var from = 0; from < failing.Before.Count;)
        {
            var to = from;
            while (to < failing.Before.Count && failing.Before[to] == failing.Before[from])
                to++;
            if (to - from > 1)
                yield return Mask(Enumerable.Range(from, to - from));
            from = to;
        }
    }

    private static List<Candidate> Shorter(int count, Func<int, Candidate> of)
    {
        var rungs = new List<Candidate>();
        for (; count > 0; count /= 2)
            rungs.Add(of(count));
        return rungs;
    }

    private static List<int> Positions(ulong steps)
    {
        var positions = new List<int>();
        for (; steps != 0; steps &= steps - 1)
            positions.Add(BitOperations.TrailingZeroCount(steps));
        return positions;
    }

    private static ulong Mask(IEnumerable<int> positions) => positions.Aggregate(0UL, (mask, position) => mask | 1UL << position);
}
