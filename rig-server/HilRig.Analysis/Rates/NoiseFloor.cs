using MathNet.Numerics;

namespace HilRig.Analysis.Rates;

/// <summary>
/// The rule that turns failures into a flag: an e-value against the rate of unexplained incidents that a good product may
/// show. It may be looked at after every trial; the chance of ever flagging a step at the floor stays below the budget.
/// </summary>
/// <param name="Rate">Unexplained incidents a trial that are tolerated: a policy, checked against golden releases.</param>
/// <param name="Budget">Chance of a false flag for one cell; all cells of a night together make 0.005.</param>
public sealed record NoiseFloor(double Rate, double Budget)
{
    /// <summary>Chance of any false flag in a night that is the default.</summary>
    public const double NightlyBudget = 0.005;
    private const int Grid = 12;

    /// <summary>The device answered with a status in a CRC-valid packet: a bad cable cannot do that.</summary>
    public const double AnswerRate = 2e-5;

    /// <summary>Silence, which a rig can produce as well as a product.</summary>
    public const double SilenceRate = 1e-4;

    /// <summary>The budget of one of 9 kinds of steps, two classes of failure, two levels of cells.</summary>
    public const double StepBudget = NightlyBudget / (2 * 2 * 9);

    /// <summary>The budget of one of 65 slots of the sequences, two classes of failure, two levels of cells.</summary>
    public const double SlotBudget = NightlyBudget / (2 * 2 * 65);

    /// <summary>The rule with another budget of the night, shared out alike.</summary>
    public NoiseFloor WithNight(double budget) => this with { Budget = Budget * budget / NightlyBudget };

    /// <summary>True from the second incident on, when chance at the floor would need odds beyond the budget.</summary>
    public bool Exceeded(int incidents, long trials) => incidents >= 2 && LogEvidence(incidents, trials) >= -Math.Log(Budget);

    /// <summary>ln E(k, n): the mixture of 12 log-spaced rates from 3 × floor to ½ against the floor itself.</summary>
    public double LogEvidence(int incidents, long trials)
    {
        var passes = Math.Max(0, trials - incidents);
        Span<double> terms = stackalloc double[Grid];
        var largest = double.NegativeInfinity;
        for (var j = 0; j < Grid; j++)
        {
            var q = 3 * Rate * Math.Pow(0.5 / (3 * Rate), j / (Grid - 1.0));
            terms[j] = incidents * Math.Log(q / Rate) + passes * (SpecialFunctions.Log1p(-q) - SpecialFunctions.Log1p(-Rate));
            largest = Math.Max(largest, terms[j]);
        }
        var sum = 0.0;
        foreach (var term in terms)
            sum += Math.Exp(term - largest);
        return largest + Math.Log(sum / Grid);
    }

    /// <summary>The fewest incidents that flag after this many trials: the boundary as a person can look it up.</summary>
    public int Boundary(long trials)
    {
        var incidents = 2;
        while (!Exceeded(incidents, trials))
            incidents++;
        return incidents;
    }
}
