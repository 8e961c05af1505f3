using System.Numerics;

namespace HilRig.Analysis.Reproducers;

/// <summary>
/// Finds the fewest earlier steps after which the failing step still fails, when a run of them fails only at times: asks for
/// one candidate after the other, and learns from each run.
/// </summary>
/// <remarks>
/// Whatever it ends with has been seen failing, so that a result is valid even where a belief was wrong; the confidence is
/// that of being the smallest. It keeps nothing but beliefs: replaying the runs so far resumes it.
/// </remarks>
public sealed class ReproducerSearch
{
    private const int Pool = 12;

    /// <summary>Chance that a step which is not needed undoes what the needed ones did, as a reset would.</summary>
    private const double Undone = 0.05;

    /// <summary>Above this ratio of the rate to the background one sighting proves more than two do below it.</summary>
    private const double OneSightingSuffices = 50;

    /// <summary>Sets believed less than this are left out of the choice of the next run, not of the beliefs.</summary>
    private const double Negligible = 1e-5;
    private readonly int steps;
    private readonly StepSetPrior prior;
    private readonly Beliefs beliefs;
    private readonly Random random;
    private readonly int certificates;
    private readonly double confidence;
    private readonly Dictionary<ulong, CandidateRuns> tried = [];
    private readonly List<(ulong Set, double Weight)> likely = [];

    /// <param name="steps">Steps before the failing one.</param>
    /// <param name="rate">Chance of the failure as seen so far; a fifth less is assumed, so that a lucky streak does not mislead.</param>
    /// <param name="background">Chance of the same fingerprint without the cause.</param>
    public ReproducerSearch(int steps, StepSetPrior prior, double rate, double background, int seed, double confidence = 0.99)
    {
        this.steps = steps;
        this.prior = prior;
        this.confidence = confidence;
        beliefs = new Beliefs(prior.Weights, rate >= 0.95 ? rate : 0.8 * rate, background);
        certificates = rate >= OneSightingSuffices * background ? 1 : 2;
        random = new Random(seed);
        KeepLikely();
    }

    public int Runs => tried.Values.Sum(candidate => candidate.Runs);

    /// <summary>Every candidate run so far: the log that explains the result.</summary>
    public IReadOnlyCollection<CandidateRuns> Tried => tried.Values;

    /// <summary>The most believed set of steps.</summary>
    public ulong Best => prior.Sets[beliefs.Best];

    /// <summary>How far <see cref="Best"/> is believed, 0 to 1.</summary>
    public double BestBelief => beliefs.Weights[beliefs.Best];

    /// <summary>True when one set is believed and exactly it has been seen failing.</summary>
    public bool IsDone => BestBelief >= confidence && SeenFailing(Best) >= certificates;

    /// <summary>The smallest set seen failing, whatever is believed; null before any.</summary>
    public ulong? SmallestFailing => tried.Values
        .Where(candidate => candidate.Failures >= certificates)
        .OrderBy(candidate => BitOperations.PopCount(candidate.Steps)).ThenByDescending(candidate => (double)candidate.Failures / candidate.Runs)
        .Select(candidate => (ulong?)candidate.Steps).FirstOrDefault();

    /// <summary>The candidate whose run tells most now.</summary>
    public ulong Next()
    {
        // What is believed at all must be seen failing in any case, and its passes tell as well.
        if (BestBelief > 0.5 && SeenFailing(Best) < certificates)
            return Best;
        var frame = Frame();
        var best = Best & frame;
        var bestGain = GainOf(best);
        foreach (var candidate in Candidates())
            Consider(candidate);
        Climb();
        return best;

        void Consider(ulong anywhere)
        {
            var candidate = anywhere & frame;
            var gain = GainOf(candidate);
            if (gain > bestGain + 1e-9 || gain > bestGain - 1e-9 && BitOperations.PopCount(candidate) < BitOperations.PopCount(best))
                (best, bestGain) = (candidate, gain);
        }

        void Climb()
        {
            var top = best;
            for (var step = 0; step < steps; step++)
                Consider(top ^ 1UL << step);
        }
    }

    /// <summary>Takes the outcome of runs of a candidate.</summary>
    public void Record(ulong candidate, int failures, int runs)
    {
        tried[candidate] = tried.TryGetValue(candidate, out var before)
            ? new CandidateRuns(candidate, before.Failures + failures, before.Runs + runs)
            : new CandidateRuns(candidate, failures, runs);
        beliefs.Learn(i => prior.Sets[i] == candidate ? 1 : IsWithin(prior.Sets[i], candidate) ? 1 - Undone : 0, failures, runs);
        KeepLikely();
    }

    /// <summary>
    /// The smallest set seen failing that is believed to hold what is needed: it goes on inside it. Elsewhere another way to
    /// the same failure may lie, which would tell against a right answer.
    /// </summary>
    private ulong Frame() => tried.Values
        .Where(candidate => candidate.Failures >= certificates && MassWithin(candidate.Steps) > 0.5)
        .OrderBy(candidate => BitOperations.PopCount(candidate.Steps))
        .Select(candidate => (ulong?)candidate.Steps)
        .FirstOrDefault() ?? ulong.MaxValue;

    private int SeenFailing(ulong candidate) => tried.TryGetValue(candidate, out var runs) ? runs.Failures : 0;

    private double GainOf(ulong candidate) => beliefs.Gain(MassWithin(candidate));

    private double MassWithin(ulong candidate)
    {
        var mass = 0.0;
        foreach (var (set, weight) in likely)
        {
            if (IsWithin(set, candidate))
                mass += weight;
        }
        return mass;
    }

    private void KeepLikely()
    {
        likely.Clear();
        for (var i = 0; i < prior.Sets.Count; i++)
        {
            if (beliefs.Weights[i] >= Negligible)
                likely.Add((prior.Sets[i], beliefs.Weights[i]));
        }
    }

    private double BeliefIn(int step) => likely.Where(one => (one.Set >> step & 1) != 0).Sum(one => one.Weight);

    /// <summary>The most believed steps together, from none to all; unions of sets drawn by belief; random sets.</summary>
    private IEnumerable<ulong> Candidates()
    {
        var candidate = 0UL;
        yield return candidate;
        foreach (var step in Enumerable.Range(0, steps).OrderByDescending(BeliefIn))
            yield return candidate |= 1UL << step;
        for (var i = 0; i < Pool; i++)
        {
            var union = 0UL;
            for (var j = random.Next(1, 5); j > 0; j--)
                union |= Draw();
            yield return union;
            yield return (ulong)random.NextInt64() & (steps == 0 ? 0 : ulong.MaxValue >> (64 - steps));
        }
    }

    private ulong Draw()
    {
        var ticket = random.NextDouble();
        foreach (var (set, weight) in likely)
        {
            ticket -= weight;
            if (ticket < 0)
                return set;
        }
        return Best;
    }

    private static bool IsWithin(ulong set, ulong candidate) => (set & ~candidate) == 0;
}

/// <summary>What the runs of one candidate came to.</summary>
/// <param name="Steps">A bit a step.</param>
public sealed record CandidateRuns(ulong Steps, int Failures, int Runs);
