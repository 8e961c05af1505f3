using System.Numerics;

namespace HilRig.Analysis.Reproducers;

/// <summary>What may be needed of the steps before a failing one: every set of up to three of them, or all of them together.</summary>
/// <param name="Sets">A bit a step, step 0 the oldest.</param>
/// <param name="Weights">Belief in each before the first run.</param>
public sealed record StepSetPrior(IReadOnlyList<ulong> Sets, IReadOnlyList<double> Weights)
{
    public const int MostSteps = 32;

    /// <summary>Share of the belief that goes to what the triggers point at: they are supported by odds of 128 to 1. The rest stays spread, so that wrong ones are survived.</summary>
    private const double TriggerShare = 0.97;

    /// <summary>Belief by size: most order-dependent failures need one or two earlier steps. A failing step that needs none would hardly be intermittent.</summary>
    private static readonly double[] BySize = [0.04, 0.24, 0.58, 0.1];

    private const double AllOfThem = 0.04;

    /// <summary>Belief that nothing before it is needed, where the trials told of no condition: a needed step would have shown in one.</summary>
    private const double NothingNeeded = 0.6;

    /// <param name="steps">Steps before the failing one.</param>
    /// <param name="suspects">The steps that each of the triggers points at, 0 for none, and how far it is believed beside the others.</param>
    public static StepSetPrior Of(int steps, params IReadOnlyList<(ulong Steps, double Weight)> suspects)
    {
        if (steps is < 0 or > MostSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"up to {MostSteps} steps can be reduced");
        var all = steps == 0 ? 0UL : ulong.MaxValue >> (64 - steps);
        var sets = new List<ulong> { 0 };
        for (var i = 0; i < steps; i++)
        {
            sets.Add(1UL << i);
            for (var j = i + 1; j < steps; j++)
            {
                sets.Add(1UL << i | 1UL << j);
                for (var k = j + 1; k < steps; k++)
                    sets.Add(1UL << i | 1UL << j | 1UL << k);
            }
        }
        if (steps > 3)
            sets.Add(all);
        var sizes = sets.CountBy(set => Math.Min(4, BitOperations.PopCount(set))).ToDictionary();
        var weights = sets.Select(set => BitOperations.PopCount(set) is var size && size < BySize.Length ? BySize[size] / sizes[size] : AllOfThem).ToArray();
        var pointed = suspects.Where(one => one.Steps != 0 && sets.Contains(one.Steps)).Select(one => (At: sets.IndexOf(one.Steps), Share: TriggerShare * one.Weight / suspects.Sum(other => other.Weight))).ToList();
        for (var i = 0; i < weights.Length; i++)
            weights[i] *= 1 - pointed.Sum(one => one.Share);
        foreach (var (at, share) in pointed)
            weights[at] += share;
        return new StepSetPrior(sets, weights);
    }

    /// <summary>For a failure that no condition of its trials explains.</summary>
    public static StepSetPrior WithoutTrigger(int steps)
    {
        var prior = Of(steps);
        return prior with { Weights = [.. prior.Weights.Select((weight, index) => weight * (1 - NothingNeeded) + (prior.Sets[index] == 0 ? NothingNeeded : 0))] };
    }
}
