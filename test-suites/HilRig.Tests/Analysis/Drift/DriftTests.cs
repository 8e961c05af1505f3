using HilRig.Analysis.Drift;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Drift;

public class DriftTests
{
    [Test]
    public void A_jump_in_the_rate_is_found_between_the_last_of_the_old_and_the_first_of_the_new()
    {
        var failures = Enumerable.Range(0, 50).Select(i => 10_000 + 40 * i).ToList();
        var change = ChangePoint.Find([2_000, .. failures], 12_000)!;
        Assert.That(change.Trial, Is.EqualTo(10_000).Within(40));
        Assert.That(change.Earliest, Is.InRange(9_000, 10_000));
        Assert.That(change.Latest, Is.InRange(10_000, 10_100));
        Assert.That(change.Before, Is.EqualTo(1e-4).Within(1e-6));
        Assert.That(change.After, Is.EqualTo(0.025).Within(1e-3));
    }

    [Test]
    public void A_steady_rate_has_no_change_and_no_trend([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var failures = Enumerable.Range(0, 5_000).Where(_ => random.NextDouble() < 0.01).ToList();
        Assert.That(ChangePoint.Find(failures, 5_000), Is.Null);
        Assert.That(Math.Abs(Trend.Z(failures, 5_000)), Is.LessThan(3.5));
    }

    [Test]
    public void Failures_that_come_late_rise_and_those_that_come_early_fall()
    {
        var late = Enumerable.Range(0, 40).Select(i => (int)(10_000 * Math.Sqrt((i + 0.5) / 40))).ToList();
        Assert.That(Trend.Of(late, 10_000), Is.EqualTo("rising"));
        Assert.That(Trend.Of([.. late.Select(position => 9_999 - position)], 10_000), Is.EqualTo("falling"));
        // z of a linear rise is (2/3 − 1/2)·√(12·40).
        Assert.That(Trend.Z(late, 10_000), Is.EqualTo(Math.Sqrt(480) / 6).Within(0.05));
    }

    [Test]
    public void The_alarm_rings_soon_after_a_tenfold_rate_and_seldom_before()
    {
        // One false alarm in about 1,000 nights of 30,000 trials.
        var random = new Random(7);
        var falseAlarms = 0;
        for (var night = 0; night < 300; night++)
            falseAlarms += Nights.FirstAlarm(random, 5e-4, 30_000) is null ? 0 : 1;
        Assert.That(falseAlarms, Is.LessThanOrEqualTo(3));
        var delays = Enumerable.Range(0, 101).Select(_ => Nights.FirstAlarm(random, 5e-3, 30_000) ?? 30_000).Order().ToList();
        Assert.That(delays[50], Is.InRange(900, 2_500), "the table has a median of 1,550");
    }

    private static class Nights
    {
        public static int? FirstAlarm(Random random, double rate, int trials)
        {
            var cusum = Cusum.Over(5e-4);
            for (var trial = 0; trial < trials; trial++)
            {
                if (random.NextDouble() < rate)
                    cusum.Failure();
                else
                    cusum.Pass();
                if (cusum.Alarm)
                    return trial;
            }
            return null;
        }
    }
}
