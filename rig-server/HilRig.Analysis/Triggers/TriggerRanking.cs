using HilRig.Analysis.Flags;
using HilRig.Analysis.Rates;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Triggers;

/// <summary>Ranks every condition of the vocabulary by how well it tells the failing trials of a fingerprint from the passing ones.</summary>
/// <remarks>Trials that failed with another fingerprint are censored: they are neither for nor against.</remarks>
internal static class TriggerRanking
{
    private const int Longest = 12;
    private const double FalseDiscoveryRate = 0.05;

    /// <summary>Best first; only conditions that survive the control of false discoveries (Benjamini and Hochberg, 5 %).</summary>
    public static IReadOnlyList<Trigger> Rank(ConditionTally failed, ConditionTally passed)
    {
        var tested = Candidates(failed, passed).Where(candidate => candidate.Table.Trials > candidate.Table.InsideTrials && candidate.Table.InsideTrials > 0).ToList();
        var search = Math.Log2(Math.Max(1, tested.Count));
        var ranked = tested
            .Where(candidate => candidate.Table.IsEnriched)
            .Select(candidate => (candidate.Condition, candidate.Sentence, candidate.Table, candidate.Inside, LogP: candidate.Table.LogFisherP()))
            .OrderBy(candidate => candidate.LogP)
            .ToList();

        var kept = Discoveries([.. ranked.Select(candidate => candidate.LogP)], tested.Count);
        var triggers = new List<Trigger>();
        var rank = 0;
        for (var i = 0; i < Math.Min(kept, Longest); i++)
        {
            var (condition, sentence, table, inside, logP) = ranked[i];
            if (i == 0 || (inside != ranked[i - 1].Inside && logP > ranked[i - 1].LogP + 1e-9))
                rank++;
            triggers.Add(new Trigger(
                condition,
                sentence,
                ClopperPearson.Rate(table.InsideFailures, table.InsideTrials),
                ClopperPearson.Rate(table.OutsideFailures, table.OutsideTrials),
                Math.Exp(logP),
                rank)
            {
                Log10P = logP / Math.Log(10),
                Bits = table.Bits() - search,
            });
        }
        return triggers;
    }

    private static int Discoveries(IReadOnlyList<double> logPs, int tested)
    {
        for (var i = logPs.Count; i > 0; i--)
        {
            if (logPs[i - 1] <= Math.Log(FalseDiscoveryRate * i / tested))
                return i;
        }
        return 0;
    }

    private static IEnumerable<Candidate> Candidates(ConditionTally failed, ConditionTally passed)
    {
        foreach (var definition in InOrder(failed.Known.Union(passed.Known)))
        {
            var name = definition.Name;
            var known = (Failed: failed.KnownOf(name), Passed: passed.KnownOf(name));
            foreach (var value in failed.Values(name).Union(passed.Values(name)).Order(StringComparer.Ordinal))
                yield return Candidate.Of($"{name}={value}", string.Format(definition.Sentence, value), failed.Having(name, value), passed.Having(name, value), known.Failed, known.Passed);
            foreach (var bound in failed.Bounds(name).Union(passed.Bounds(name)).Order())
                yield return Candidate.Of($"{name}>={bound}", string.Format(definition.Sentence, bound), failed.AtLeast(name, bound), passed.AtLeast(name, bound), known.Failed, known.Passed);
        }
    }

    /// <summary>The vocabulary's own order, then the sequence's parameters by name: equal evidence is ranked alike in every judgement.</summary>
    private static IEnumerable<ConditionDefinition> InOrder(IEnumerable<ConditionDefinition> known)
    {
        var own = known.Select(definition => definition.Name).ToHashSet();
        var listed = ConditionVocabulary.All.Where(definition => own.Remove(definition.Name)).ToList();
        return listed.Concat(own.Order(StringComparer.Ordinal).Select(name => ConditionVocabulary.Find(name)!));
    }

    /// <param name="Inside">The failing and passing trials while it held: equal pairs cannot be told apart by any data at hand.</param>
    private sealed record Candidate(string Condition, string Sentence, FourfoldTable Table, (TrialSet Failed, TrialSet Passed) Inside)
    {
        public static Candidate Of(string condition, string sentence, TrialSet failed, TrialSet passed, TrialSet knownFailed, TrialSet knownPassed) => new(
            condition,
            sentence,
            new FourfoldTable(failed.Count, failed.Count + passed.Count, knownFailed.Count - failed.Count, knownFailed.Count - failed.Count + knownPassed.Count - passed.Count),
            (failed, passed));
    }
}
