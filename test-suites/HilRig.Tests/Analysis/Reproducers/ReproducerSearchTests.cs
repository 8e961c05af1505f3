using HilRig.Analysis.Reproducers;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Reproducers;

public class ReproducerSearchTests
{
    [Test]
    public void Triggers_that_the_data_cannot_separate_share_the_belief()
    {
        var prior = StepSetPrior.Of(6, (0b11UL, 2), (0b1UL, 1), (0UL, 1));
        double Of(ulong set) => prior.Weights[prior.Sets.ToList().IndexOf(set)];
        Assert.That(prior.Weights.Sum(), Is.EqualTo(1).Within(1e-9));
        Assert.That(Of(0b11), Is.EqualTo(0.97 / 2).Within(0.02));
        Assert.That(Of(0b1), Is.EqualTo(0.97 / 4).Within(0.02));
        var search = new ReproducerSearch(6, prior, 1, 0, 1);
        search.Record(0b11, 1, 1);
        Assert.That(search.IsDone, Is.False, "the one step alone is still to be tried");
    }

    [Test]
    public void Two_needed_steps_of_sixteen_are_found_though_they_fail_only_at_times([Values(1.0, 0.5, 0.2)] double rate, [Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        var needed = 1UL << 3 | 1UL << 11;
        var search = new ReproducerSearch(16, StepSetPrior.Of(16), rate, 0, seed);
        Run(search, candidate => (needed & ~candidate) == 0 && random.NextDouble() < rate, (int)(80 / rate));
        Assert.That(search.IsDone, Is.True, $"{search.Runs} runs");
        Assert.That(search.Best, Is.EqualTo(needed));
    }

    [Test]
    public void A_step_that_fails_by_itself_needs_nothing_before_it()
    {
        var search = new ReproducerSearch(10, StepSetPrior.Of(10), 1, 0, 1);
        Run(search, _ => true, 20);
        Assert.That((search.IsDone, search.Best), Is.EqualTo((true, 0UL)));
    }

    [Test]
    public void A_right_trigger_saves_runs_and_a_wrong_one_is_survived()
    {
        var needed = 1UL << 2 | 1UL << 9;
        var right = new ReproducerSearch(14, StepSetPrior.Of(14, (needed, 1)), 1, 0, 1);
        var wrong = new ReproducerSearch(14, StepSetPrior.Of(14, (1UL << 5, 1)), 1, 0, 1);
        foreach (var search in new[] { right, wrong })
            Run(search, candidate => (needed & ~candidate) == 0, 60);
        Assert.That((right.Best, wrong.Best, right.IsDone, wrong.IsDone), Is.EqualTo((needed, needed, true, true)));
        Assert.That(right.Runs, Is.LessThanOrEqualTo(4).And.LessThan(wrong.Runs));
    }

    [Test]
    public void What_it_ends_with_has_been_seen_failing([Range(1, 5)] int seed)
    {
        // Four steps are needed: more than any set that it believes in, but all of them together.
        var needed = 0b1100_0011UL;
        var search = new ReproducerSearch(10, StepSetPrior.Of(10), 1, 0, seed);
        Run(search, candidate => (needed & ~candidate) == 0, 60);
        Assert.That(search.SmallestFailing, Is.Not.Null);
        Assert.That(needed & ~search.SmallestFailing!.Value, Is.Zero);
    }

    [Test]
    public void Replaying_the_runs_resumes_it()
    {
        var (one, other) = (new ReproducerSearch(12, StepSetPrior.Of(12), 1, 0, 1), new ReproducerSearch(12, StepSetPrior.Of(12), 1, 0, 1));
        Run(one, candidate => (0b101UL & ~candidate) == 0, 6);
        foreach (var tried in one.Tried)
            other.Record(tried.Steps, tried.Failures, tried.Runs);
        Assert.That((other.Best, other.Runs), Is.EqualTo((one.Best, one.Runs)));
        Assert.That(other.BestBelief, Is.EqualTo(one.BestBelief).Within(1e-9));
    }

    [TestCase(1.0)]
    [TestCase(0.3)]
    public void The_first_bad_release_is_found_though_it_fails_only_at_times(double rate)
    {
        var random = new Random(1);
        for (var first = 0; first <= 12; first++)
        {
            var search = new ReleaseBisection(12, rate);
            while (!search.IsDone && search.Runs < 300)
            {
                var release = search.Next();
                search.Record(release, release >= first && random.NextDouble() < rate ? 1 : 0, 1);
            }
            Assert.That((search.IsDone, search.FirstBad), Is.EqualTo((true, first == 12 ? null : (int?)first)), $"{search.Runs} runs");
        }
    }

    private static void Run(ReproducerSearch search, Func<ulong, bool> fails, int most)
    {
        while (!search.IsDone && search.Runs < most)
        {
            var candidate = search.Next();
            search.Record(candidate, fails(candidate) ? 1 : 0, 1);
        }
    }
}
