using HilRig.Analysis.Triggers;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Triggers;

/// <summary>Against sets of numbers, which nobody needs to think about.</summary>
public class TrialSetTests
{
    private const int Trials = 700;

    [Test]
    public void It_counts_as_a_set_of_numbers_does([Range(1, 100)] int seed)
    {
        var random = new Random(seed);
        var (one, members) = Draw(random);
        var (other, others) = Draw(random);
        var trials = TrialBits.Where(Trials, _ => random.Next(2) == 0);
        var failed = TrialBits.Where(Trials, _ => random.Next(5) == 0);
        bool In(ulong[] bits, int trial) => (bits[trial / 64] >> (trial % 64) & 1) != 0;

        Assert.That(Enumerable.Range(0, Trials + 200).Where(one.Contains), Is.EqualTo(members));
        Assert.That(one.Count(trials), Is.EqualTo(members.Count(trial => In(trials, trial))));
        Assert.That(one.Count(trials, failed), Is.EqualTo(members.Count(trial => In(trials, trial) && In(failed, trial))));
        Assert.That(one.Count(trials, other), Is.EqualTo(members.Intersect(others).Count(trial => In(trials, trial))));
        Assert.That(TrialBits.Intersection(trials, [one, other]), Is.EqualTo(TrialBits.Where(Trials, trial => In(trials, trial) && members.Contains(trial) && others.Contains(trial))));
        var failing = Enumerable.Range(0, Trials).Where(trial => In(failed, trial)).ToList();
        Assert.That(one.Among(failed, failing.Count), Is.EqualTo(TrialBits.Where(failing.Count, i => members.Contains(failing[i]))));
    }

    /// <summary>A stretch somewhere in the history, kept as the judge keeps it: from its first word on, longer or shorter than the history.</summary>
    private static (TrialSet Set, SortedSet<int> Members) Draw(Random random)
    {
        var begin = random.Next(Trials);
        var members = new SortedSet<int>(Enumerable.Range(begin, random.Next(1, Trials + 1 - begin)).Where(_ => random.Next(3) > 0).DefaultIfEmpty(begin));
        var words = new ulong[members.Max / 64 - members.Min / 64 + 1 + random.Next(8)];
        foreach (var member in members)
            words[member / 64 - members.Min / 64] |= 1UL << (member % 64);
        return (new TrialSet(members.Min / 64, words), members);
    }
}
