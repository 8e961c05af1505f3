using HilRig.Analysis.Reproducers;

namespace HilRig.Analysis.Triggers;

/// <summary>
/// Tells explanations apart that the data could not: says which situation is to be run next, and learns from what comes of it.
/// Each begins with the belief that its bits give it.
/// </summary>
/// <param name="rivals">Explanations over one list of trials; a situation is a position in it.</param>
/// <param name="rate">Chance of a failure where the right one holds.</param>
/// <param name="background">Chance of it where it does not.</param>
public sealed class ConditionExperiment(IReadOnlyList<Explanation> rivals, double rate, double background)
{
    private readonly Beliefs beliefs = new([.. rivals.Select(rival => Math.Pow(2, rival.Bits - rivals.Max(other => other.Bits)))], rate, background);

    /// <summary>The most believed.</summary>
    public Explanation Best => rivals[beliefs.Best];

    /// <summary>How far, 0 to 1.</summary>
    public double Belief => beliefs.Weights[beliefs.Best];

    /// <summary>The situation whose outcome tells most: one in which about two fifths of what is believed hold.</summary>
    public int Choose(IEnumerable<int> situations) => situations.MaxBy(Gain);

    /// <summary>Bits that a cycle in this situation is expected to tell.</summary>
    public double Gain(int situation) => beliefs.Gain(beliefs.Mass(rival => Holds(rivals[rival], situation)));

    public void Record(int situation, bool failed) => beliefs.Learn(rival => Holds(rivals[rival], situation) ? 1 : 0, failed ? 1 : 0, 1);

    public static bool Holds(Explanation rival, int situation) => rival.Conditions.All(condition => condition.Held.Contains(situation));
}
