using HilRig.Analysis.Rates;

namespace HilRig.Analysis.Flags;

/// <summary>Whether failures gather on one place more than chance would have them.</summary>
/// <param name="Place">The place with the most surprising share.</param>
/// <param name="Failures">Failures there.</param>
/// <param name="Trials">Trials there.</param>
/// <param name="AllFailures">Failures on all places.</param>
/// <param name="AllTrials">Trials on all places.</param>
/// <param name="P">Chance of such a share on any of the places if all were alike (Bonferroni over places).</param>
internal sealed record Concentration(string Place, int Failures, int Trials, int AllFailures, int AllTrials, double P)
{
    private const double Significance = 0.005;
    private const double LeastShare = 0.8;

    /// <summary>Null where there are no two places to compare.</summary>
    public static Concentration? Of(IReadOnlyDictionary<string, int> failures, IReadOnlyDictionary<string, int> trials)
    {
        if (trials.Count < 2)
            return null;
        var all = trials.Values.Sum();
        var total = failures.Values.Sum();
        return failures
            .Select(pair => new Concentration(
                pair.Key,
                pair.Value,
                trials[pair.Key],
                total,
                all,
                Math.Min(1, trials.Count * IncompleteBeta.Regularized(pair.Value, total - pair.Value + 1, (double)trials[pair.Key] / all))))
            .MinBy(concentration => concentration.P);
    }

    /// <summary>True when it is beyond chance and nearly all failures are there.</summary>
    public bool IsOnePlace => P < Significance && Failures >= LeastShare * AllFailures;

    /// <summary>The numbers in words.</summary>
    public override string ToString() => $"{Failures} of the {AllFailures} failures were on {Place}, which had {Trials} of {AllTrials} trials (p = {P:0.#e+0})";
}
