namespace HilRig.Analysis.Reproducers;

/// <summary>
/// How much each of some exclusive hypotheses is believed, when a run fails with a known chance where the true one holds, and
/// by the background alone where it does not. Chooses experiments by what they are expected to tell.
/// </summary>
/// <remarks>In words: run the case that would fail under about 40 % of what is still believed.</remarks>
public sealed class Beliefs
{
    private readonly double[] weights;
    private readonly double rate;
    private readonly double background;

    /// <param name="prior">Weight of each hypothesis; any positive scale.</param>
    /// <param name="rate">Chance that a run fails where the true hypothesis holds.</param>
    /// <param name="background">Chance that it fails although nothing holds: the same code from another cause.</param>
    public Beliefs(IReadOnlyList<double> prior, double rate, double background)
    {
        weights = [.. prior];
        this.rate = Math.Min(rate, 1 - 1e-6);
        this.background = Math.Max(background, 1e-6);
        Scale();
    }

    public IReadOnlyList<double> Weights => weights;

    /// <summary>The most believed hypothesis.</summary>
    public int Best { get; private set; }

    public double Mass(Func<int, bool> holds)
    {
        var mass = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (holds(i))
                mass += weights[i];
        }
        return mass;
    }

    /// <summary>Bits that one run is expected to tell where hypotheses of this mass hold.</summary>
    public double Gain(double mass) =>
        Entropy(mass * rate + (1 - mass) * background) - mass * Entropy(rate) - (1 - mass) * Entropy(background);

    /// <summary>Learns from runs of one case: so many failures in so many runs.</summary>
    /// <param name="holds">How surely a hypothesis makes this case fail at the rate, 0 to 1.</param>
    public void Learn(Func<int, double> holds, int failures, int runs)
    {
        var logs = new double[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var chance = Math.Max(background, rate * holds(i));
            logs[i] = Math.Log(Math.Max(1e-280, weights[i])) + Math.Log(chance) * failures + Math.Log(1 - chance) * (runs - failures);
        }
        var best = logs.Max();
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Exp(logs[i] - best);
        Scale();
    }

    private void Scale()
    {
        var sum = weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
            if (weights[i] > weights[Best])
                Best = i;
        }
    }

    /// <summary>Bits that the outcome of a run with this chance of failing tells.</summary>
    internal static double Entropy(double p) => p is <= 0 or >= 1 ? 0 : -p * Math.Log2(p) - (1 - p) * Math.Log2(1 - p);
}
