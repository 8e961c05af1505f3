using MathNet.Numerics;

namespace HilRig.Analysis.Rates;

/// <summary>
/// The rule that turns failures into a flag: an e-value against the rate of unexplained incidents that a good product may
/// show. It may be looked at after every trial; the chance of ever flagging a cell at the floor stays below the budget.
/// </summary>
/// <param name="Rate">Unexplained incidents a trial that are tolerated: a policy, checked against golden releases.</param>
/// <param name="Budget">Chance of a false flag for one cell; all cells of a night together make the night's.</param>
public sealed record NoiseFloor(double Rate, double Budget)
{
    /// <summary>Chance of any false flag in a night that is the default.</summary>
    public const double NightlyBudget = 0.005;

    /// <summary>The device answered with a status in a CRC-valid packet: a bad cable cannot do that.</summary>
    public const double AnswerRate = 2e-5;

    /// <summary>Silence, which a rig can produce as well as a product.</summary>
    public const double SilenceRate = 1e-4;

    /// <summary>A step is also judged while each of so many conditions holds; later ones are left out.</summary>
    public const int Conditions = 128;

    /// <summary>How the night's budget is shared: three quarters to answers, which is where the product speaks.</summary>
    private const double Answers = 0.75;
    private const double Steps = 0.6 / 9;
    private const double Slots = 0.2 / 65;
    private const double Held = 0.2 / (9 * Conditions);

    /// <summary>
    /// The rates that a failure may have, as multiples of the floor and, for the last two, as such; and how far each is
    /// believed. A high rate needs no help: a few failures prove it whatever it weighs.
    /// </summary>
    private static readonly double[] Multiples = [3.5, 10, 35, 75, 250];
    private static readonly double[] High = [0.03, 0.4];
    private static readonly double[] Weights = [0.04, 0.06, 0.2, 0.27, 0.31, 0.07, 0.05];

    /// <summary>The rule of one of 9 kinds of steps.</summary>
    public static NoiseFloor OfStep(FailureKind kind, double night = NightlyBudget) => Of(kind, night * Steps);

    /// <summary>The rule of one of 65 slots of the sequences.</summary>
    public static NoiseFloor OfSlot(FailureKind kind, double night = NightlyBudget) => Of(kind, night * Slots);

    /// <summary>
    /// The rule of a kind of step while one condition holds: the floor holds there as well, and two failures under a
    /// condition that is seldom met say more than two among all trials.
    /// </summary>
    public static NoiseFloor OfCondition(FailureKind kind, double night = NightlyBudget) => Of(kind, night * Held);

    /// <summary>True from the second incident on, when chance at the floor would need odds beyond the budget.</summary>
    public bool Exceeded(int incidents, long trials) => incidents >= 2 && LogEvidence(incidents, trials) >= -Math.Log(Budget);

    /// <summary>ln E(k, n): the mixture of rates against the floor itself.</summary>
    public double LogEvidence(int incidents, long trials)
    {
        var passes = Math.Max(0, trials - incidents);
        Span<double> terms = stackalloc double[Weights.Length];
        var largest = double.NegativeInfinity;
        for (var j = 0; j < Weights.Length; j++)
        {
            var rate = j < Multiples.Length ? Multiples[j] * Rate : High[j - Multiples.Length];
            terms[j] = Math.Log(Weights[j]) + incidents * Math.Log(rate / Rate) + passes * (SpecialFunctions.Log1p(-rate) - SpecialFunctions.Log1p(-Rate));
            largest = Math.Max(largest, terms[j]);
        }
        var sum = 0.0;
        foreach (var term in terms)
            sum += Math.Exp(term - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>The fewest incidents that flag after this many trials: the boundary as a person can look it up.</summary>
    public int Boundary(long trials)
    {
        var incidents = 2;
        while (!Exceeded(incidents, trials))
            incidents++;
        return incidents;
    }

    private static NoiseFloor Of(FailureKind kind, double budget) => kind is FailureKind.Answer
        ? new NoiseFloor(AnswerRate, budget * Answers)
        : new NoiseFloor(SilenceRate, budget * (1 - Answers));
}

/// <summary>What a failure looked like from outside.</summary>
public enum FailureKind
{
    /// <summary>The device answered with a status in a CRC-valid packet.</summary>
    Answer,

    /// <summary>Nothing came.</summary>
    Silence,
}
