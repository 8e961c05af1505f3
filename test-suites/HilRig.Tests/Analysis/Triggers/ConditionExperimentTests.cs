using HilRig.Analysis.Triggers;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Triggers;

/// <summary>Explanations that a history could not separate, and chosen cycles that do.</summary>
public class ConditionExperimentTests
{
    private const int Trials = 400;

    [Test]
    public void A_pair_that_fitted_by_luck_gives_way_to_the_condition_that_is_true()
    {
        var right = Enumerable.Range(0, 60).Count(seed =>
        {
            // Both held at every failure so far: the pair covers fewer passes and leads.
            var random = new Random(seed);
            var (search, failed) = History(random, 8);
            var rivals = search.Ranked(failed.All, 50);
            Assert.That(rivals[0].ToString(), Is.EqualTo("a=1 AND b=1"));
            var experiment = new ConditionExperiment(rivals);
            for (var cycle = 0; cycle < 60; cycle++)
            {
                var next = experiment.Choose(Enumerable.Range(0, Trials));
                experiment.Record(next, failed.A(next) && random.NextDouble() < 0.2);
            }
            return experiment.Best.ToString() == "a=1";
        });
        Assert.That(right, Is.GreaterThanOrEqualTo(57));
    }

    [Test]
    public void A_situation_in_which_all_say_the_same_tells_less_than_one_that_divides_them()
    {
        var (search, failed) = History(new Random(1), 4);
        var experiment = new ConditionExperiment([.. search.Ranked(failed.All, 50).Where(rival => rival.ToString() is "a=1" or "a=1 AND b=1")]);
        var divided = Enumerable.Range(0, Trials).First(trial => failed.A(trial) && !failed.B(trial));
        var agreed = Enumerable.Range(0, Trials).First(trial => !failed.A(trial));
        Assert.That(experiment.Gain(divided), Is.GreaterThan(10 * experiment.Gain(agreed)));
        Assert.That(experiment.Choose([agreed, divided]), Is.EqualTo(divided));
        Assert.That(experiment.Best.ToString(), Is.EqualTo("a=1 AND b=1"));
        for (var cycle = 0; cycle < 6; cycle++)
            experiment.Record(divided, failed: true);
        Assert.That(experiment.Best.ToString(), Is.EqualTo("a=1"));
    }

    [Test]
    public void Beside_a_trigger_stand_single_states_until_they_are_excluded()
    {
        var few = History(new Random(1), 6);
        var many = History(new Random(1), 30);
        Assert.That(Names(few), Is.EqualTo(new[] { "a=1 AND b=1", "b=1" }));
        Assert.That(Names(many), Is.EqualTo(new[] { "a=1 AND b=1" }));

        static IEnumerable<string> Names((TriggerSearch Search, (ulong[] All, Func<int, bool>, Func<int, bool>) Failed) history) =>
            (history.Search.Best(history.Failed.All) is { } set ? set.All.Concat(set.NotExcluded) : []).Select(explanation => explanation.ToString());
    }

    /// <summary>Trials with two conditions, each in half of them; the first trials with both failed.</summary>
    private static (TriggerSearch Search, (ulong[] All, Func<int, bool> A, Func<int, bool> B) Failed) History(Random random, int failures)
    {
        var (a, b) = (Draw(), Draw());
        var failing = Enumerable.Range(0, Trials).Where(trial => a[trial] && b[trial]).Take(failures).ToHashSet();
        ConditionColumn[] columns = [Column("a", a), Column("b", b)];
        return (new TriggerSearch(columns, TrialBits.Where(Trials, failing.Contains)), (TrialBits.Where(Trials, _ => true), trial => a[trial], trial => b[trial]));

        bool[] Draw() => [.. Enumerable.Range(0, Trials).Select(_ => random.Next(2) == 0)];
        ConditionColumn Column(string name, bool[] held) => new(name, $"{name}=1", ConditionOrigin.State, 0, TrialSet.Where(Trials, trial => held[trial]));
    }
}
