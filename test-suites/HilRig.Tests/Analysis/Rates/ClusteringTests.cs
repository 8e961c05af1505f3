using HilRig.Analysis.Rates;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Rates;

public class ClusteringTests
{
    [Test]
    public void What_is_told_without_the_groups_is_never_more_than_with_them([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var groups = Enumerable.Range(0, random.Next(2, 200)).Select(_ => random.Next(1, 30)).Select(trials => (trials, random.NextDouble() < 0.3 ? random.Next(0, trials) : 0)).ToList();
        var failures = groups.Select(group => group.Item2).Where(each => each > 0).ToList();
        var more = groups.Count + random.Next(50);
        Assert.That(Clustering.LeastP(groups.Sum(group => group.trials), failures.Sum(), failures.Sum(each => each - 1), more), Is.LessThanOrEqualTo(Clustering.Of(groups).P + 1e-12));
    }

    [Test]
    public void It_dismisses_what_chance_explains() => Assert.That(Clustering.LeastP(1_000_000, 20_000, 90, 700_000), Is.GreaterThan(Clustering.Significance));

    [Test]
    public void Bad_sessions_are_claimed() => Assert.That(Clustering.Of([.. Enumerable.Repeat((10, 0), 90), .. Enumerable.Repeat((10, 5), 10)]).IsClaimed);
}
