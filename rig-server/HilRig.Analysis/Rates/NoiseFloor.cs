namespace HilRig.Analysis.Rates;

/// <summary>
/// The rule that turns failures into a flag. A product whose unexplained incidents stay at the floor shows k of them within
/// the first n trials with a chance that is known exactly; where that chance is below k's share of the budget, k flag.
/// </summary>
/// <remarks>
/// The shares of all k make one budget, so that the chance of ever flagging a cell at the floor stays below it, however
/// often it is looked at. It needs no guess of the failure's rate, and has none to pay for.
/// </remarks>
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

    /// <summary>With fewer trials nothing is said of a failure, unless it is flagged all the same.</summary>
    public const int FewestTrials = 5;

    /// <summary>How the night's budget is shared: three quarters to answers, which is where the product speaks.</summary>
    private const double Answers = 0.75;
    private const double Steps = 0.6 / 9;
    private const double Slots = 0.2 / 65;
    private const double Held = 0.2 / (9 * Conditions);

    /// <summary>
    /// What of the budget goes to 2, 3, 4, 5 and 6 incidents: most to three to five, by which a failure of 0.5 % to 0.1 % is
    /// to be told. What is left is spread over all larger numbers, ever thinner.
    /// </summary>
    private static readonly double[] Shares = [0.06, 0.36, 0.25, 0.15, 0.08];
    private static readonly double Rest = 1 - Shares.Sum();

    /// <summary>The rule of one of 9 kinds of steps.</summary>
    public static NoiseFloor OfStep(FailureKind kind, double night = NightlyBudget) => Of(kind, night * Steps);

    /// <summary>The rule of one of 65 slots of the sequences.</summary>
    public static NoiseFloor OfSlot(FailureKind kind, double night = NightlyBudget) => Of(kind, night * Slots);

    /// <summary>
    /// The rule of a kind of step while one condition holds: the floor holds there as well, and two failures under a
    /// condition that is seldom met say more than two among all trials.
    /// </summary>
    public static NoiseFloor OfCondition(FailureKind kind, double night = NightlyBudget) => Of(kind, night * Held);

    /// <summary>True from the second incident on, when a product at the floor would show as many so early with less than their share of the budget.</summary>
    public bool Exceeded(int incidents, long trials) =>
        incidents >= 2 && IncompleteBeta.LogRegularized(incidents, Math.Max(trials, incidents) - incidents + 1, Rate) <= Math.Log(ShareOf(incidents) * Budget);

    /// <summary>The part of the budget that this number of incidents may spend; all numbers from 2 on together spend 1.</summary>
    public static double ShareOf(int incidents)
    {
        var first = Shares.Length + 2;
        // Of the rest, 1/(k−1) − 1/k of the sum from the first on.
        return incidents < first ? Shares[incidents - 2] : Rest * (first - 1) / ((double)incidents * (incidents - 1));
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
