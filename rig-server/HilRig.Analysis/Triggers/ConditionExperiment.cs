using HilRig.Analysis.Reproducers;

namespace HilRig.Analysis.Triggers;

/// <summary>
/// Tells explanations apart that the data could not: says which situation is to be run next, and learns from what comes of it.
/// </summary>
/// <remarks>
/// Each is believed by its bits over all trials, the chosen ones among them. So each has its own rates: the one that happens
/// to fit best does not set what the others must fail at.
/// </remarks>
public sealed class ConditionExperiment
{
    private readonly Rival[] rivals;

    /// <param name="rivals">Explanations over one list of trials, at least one; a situation is a position in it.</param>
    public ConditionExperiment(IReadOnlyList<Explanation> rivals)
    {
        this.rivals = [.. rivals.Select(rival => new Rival(rival))];
        Weigh();
    }

    /// <summary>The most believed.</summary>
    public Explanation Best => Leader.Explanation;

    /// <summary>How far, 0 to 1.</summary>
    public double Belief => Leader.Weight;

    private Rival Leader => rivals.MaxBy(rival => rival.Weight)!;

    /// <summary>The situation whose outcome tells most.</summary>
    public int Choose(IEnumerable<int> situations) => situations.MaxBy(Gain);

    /// <summary>Bits that a cycle in this situation is expected to tell.</summary>
    public double Gain(int situation)
    {
        var (chance, known) = (0.0, 0.0);
        foreach (var rival in rivals)
        {
            var holds = Holds(rival.Explanation, situation);
            chance += rival.Weight * (holds ? rival.Inside : rival.Outside);
            known += rival.Weight * (holds ? rival.InsideEntropy : rival.OutsideEntropy);
        }
        return Beliefs.Entropy(chance) - known;
    }

    public void Record(int situation, bool failed)
    {
        foreach (var rival in rivals)
            rival.Count(Holds(rival.Explanation, situation), failed);
        Weigh();
    }

    public static bool Holds(Explanation rival, int situation) => rival.Conditions.All(condition => condition.Held.Contains(situation));

    private void Weigh()
    {
        var top = rivals.Max(rival => rival.Bits);
        var sum = rivals.Sum(rival => Math.Pow(2, rival.Bits - top));
        foreach (var rival in rivals)
            rival.Weight = Math.Pow(2, rival.Bits - top) / sum;
    }

    /// <summary>One explanation with what is known of it by now.</summary>
    private sealed class Rival
    {
        /// <summary>What it must earn over its rivals, bits.</summary>
        private readonly double price;
        private FourfoldTable table;

        public Rival(Explanation explanation)
        {
            Explanation = explanation;
            price = explanation.Table.Bits() - explanation.Bits;
            Take(explanation.Table);
        }

        public Explanation Explanation { get; }

        public double Bits { get; private set; }

        /// <summary>Share of the belief in all of them.</summary>
        public double Weight { get; set; }

        /// <summary>Chance that the next cycle fails where it holds.</summary>
        public double Inside { get; private set; }

        /// <summary>And where it does not.</summary>
        public double Outside { get; private set; }

        public double InsideEntropy { get; private set; }

        public double OutsideEntropy { get; private set; }

        public void Count(bool holds, bool failed)
        {
            var failure = failed ? 1 : 0;
            Take(holds
                ? table with { InsideTrials = table.InsideTrials + 1, InsideFailures = table.InsideFailures + failure }
                : table with { OutsideTrials = table.OutsideTrials + 1, OutsideFailures = table.OutsideFailures + failure });
        }

        private void Take(FourfoldTable now)
        {
            table = now;
            Bits = table.Bits() - price;
            Inside = (table.InsideFailures + 0.5) / (table.InsideTrials + 1);
            Outside = (table.OutsideFailures + 0.5) / (table.OutsideTrials + 1);
            (InsideEntropy, OutsideEntropy) = (Beliefs.Entropy(Inside), Beliefs.Entropy(Outside));
        }
    }
}
