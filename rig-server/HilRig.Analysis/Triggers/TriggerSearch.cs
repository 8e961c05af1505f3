namespace HilRig.Analysis.Triggers;

/// <summary>
/// Looks for the condition, or the pair of conditions, that tells failing trials from passing ones: every 2×2 table scored
/// in bits, less what the search itself costs, so that a pair must earn its second half.
/// </summary>
public sealed class TriggerSearch
{
    /// <summary>Bits from which an explanation is called supported: odds of 128 to 1 after paying for the search.</summary>
    public const double SupportedBits = 7;

    /// <summary>Explanations closer than this, odds of 10 to 1, are not told apart.</summary>
    public const double SeparationBits = 3.3;

    /// <summary>Odds of a thousand to 1: chosen cycles can still turn them round.</summary>
    private const double FarBehindBits = 10;

    private const int MostExplanations = 4;
    private readonly IReadOnlyList<ConditionColumn> columns;
    private readonly ulong[] failed;

    /// <param name="failed">The trials that failed; all others passed.</param>
    public TriggerSearch(IReadOnlyList<ConditionColumn> columns, ulong[] failed)
    {
        this.columns = columns;
        this.failed = failed;
    }

    /// <summary>
    /// The supported explanations, most evidence first. After each, the trials it covers are taken out and the rest is
    /// searched again (Liblit's elimination), so that two faults behind one code are both found.
    /// </summary>
    public IReadOnlyList<ExplanationSet> Explain(ulong[] trials)
    {
        var found = new List<ExplanationSet>();
        while (found.Count < MostExplanations && Best(trials) is { } best && best.Best.Bits >= SupportedBits)
        {
            found.Add(best);
            trials = TrialBits.Without(trials, best.Best.Conditions.Select(condition => condition.Held));
        }
        return found;
    }

    /// <summary>Those of <paramref name="found"/> of which any explanation is among <paramref name="others"/> too.</summary>
    public static IReadOnlyList<ExplanationSet> AlsoIn(IReadOnlyList<ExplanationSet> others, IReadOnlyList<ExplanationSet> found)
    {
        var names = others.SelectMany(set => set.All).Select(explanation => explanation.ToString()).ToHashSet(StringComparer.Ordinal);
        return [.. found.Where(set => set.All.Any(explanation => names.Contains(explanation.ToString())))];
    }

    /// <summary>The explanations with most evidence, best first, also those far behind: what an experiment has to choose among.</summary>
    public IReadOnlyList<Explanation> Ranked(ulong[] trials, int most) =>
        [.. Score(trials, FarBehindBits).OrderByDescending(explanation => explanation.Bits).Take(most)];

    /// <summary>The best explanation of the failures among these trials, supported or not; null where none fails more often than the rest.</summary>
    public ExplanationSet? Best(ulong[] trials) => Score(trials, SeparationBits) is { Count: > 0 } all ? Separate(all) : null;

    /// <param name="margin">Pairs further behind the best are left out.</param>
    private List<Explanation> Score(ulong[] trials, double margin)
    {
        var total = new FourfoldTable(TrialBits.Count(trials, failed), TrialBits.Count(trials), 0, 0);
        if (total.InsideFailures < 2)
            return [];
        var atoms = columns
            .Select(column => (Column: column, Trials: column.Held.Count(trials)))
            .Where(atom => atom.Trials > 0 && atom.Trials < total.InsideTrials)
            .ToList();
        var singles = Singles(atoms, trials, total).ToList();
        var bestSingle = singles.Count == 0 ? double.NegativeInfinity : singles.Max(single => single.Bits);
        return [.. singles, .. Pairs([.. atoms.Select(atom => atom.Column).Where(atom => atom.Origin is ConditionOrigin.State)], trials, total, bestSingle, margin)];
    }

    private IEnumerable<Explanation> Singles(List<(ConditionColumn Column, int Trials)> atoms, ulong[] trials, FourfoldTable total)
    {
        var search = Math.Log2(atoms.Count);
        foreach (var (atom, inside) in atoms)
        {
            var table = Split(total, atom.Held.Count(trials, failed), inside);
            if (table.IsEnriched)
                yield return new Explanation([atom], table, table.Bits() - search - atom.Penalty);
        }
    }

    private List<Explanation> Pairs(List<ConditionColumn> states, ulong[] trials, FourfoldTable total, double bestSingle, double margin)
    {
        var search = Math.Log2(Math.Max(1, states.Count * (states.Count - 1.0) / 2));
        // The failing trials alone: all that most pairs need to be dismissed.
        var failing = TrialBits.Intersection(trials, failed);
        var compact = states.ConvertAll(state => state.Held.Among(failing, total.InsideFailures));
        var ceiling = Ceilings(total);
        var best = bestSingle;
        var found = new List<Explanation>();
        for (var i = 0; i < states.Count; i++)
        {
            for (var j = i + 1; j < states.Count; j++)
            {
                if (states[i].Subject == states[j].Subject)
                    continue;
                var inside = TrialBits.Count(compact[i], compact[j]);
                var price = search + states[i].Penalty + states[j].Penalty;
                if (inside < 2 || ceiling(inside) - price < best - margin)
                    continue;
                var table = Split(total, inside, states[i].Held.Count(trials, states[j].Held));
                if (!table.IsEnriched)
                    continue;
                var bits = table.Bits() - price;
                best = Math.Max(best, bits);
                found.Add(new Explanation([states[i], states[j]], table, bits));
            }
        }
        return found;
    }

    /// <summary>The most bits that any condition can have which covers this many failures: when it covers no pass. Computed once for each number that is asked for.</summary>
    private static Func<int, double> Ceilings(FourfoldTable total)
    {
        var known = new Dictionary<int, double>();
        return inside => known.TryGetValue(inside, out var bits) ? bits : known[inside] = Split(total, inside, inside).Bits();
    }

    private static FourfoldTable Split(FourfoldTable total, int insideFailures, int insideTrials) =>
        new(insideFailures, insideTrials, total.InsideFailures - insideFailures, total.InsideTrials - insideTrials);

    /// <summary>Names the simplest of those that cannot be told apart, and the others beside it.</summary>
    private static ExplanationSet Separate(List<Explanation> all)
    {
        var top = all.Max(explanation => explanation.Bits);
        var set = all.Where(explanation => explanation.Bits >= top - SeparationBits).ToList();
        var singles = set.Where(explanation => explanation.Conditions.Count == 1).ToList();
        var kept = set
            .Where(explanation => explanation.Conditions.Count == 1 || !singles.Any(single => explanation.Conditions.Contains(single.Conditions[0]) && single.Bits >= explanation.Bits))
            .OrderBy(explanation => explanation.IsClaimable ? 0 : 1)
            .ThenBy(explanation => explanation.Conditions.Count)
            .ThenByDescending(explanation => explanation.Bits)
            .ToList();
        var notExcluded = kept[0] is { IsClaimable: true, Bits: >= SupportedBits }
            ? all.Where(explanation => explanation.Conditions is [{ Origin: ConditionOrigin.State }] && explanation.Bits < top - SeparationBits && explanation.Bits >= top - SupportedBits).OrderByDescending(explanation => explanation.Bits).ToList()
            : [];
        return new ExplanationSet(kept[0], [.. kept.Skip(1)]) { NotExcluded = notExcluded };
    }
}
