using HilRig.Analysis.Triggers;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Triggers;

public class ArmScheduleTests
{
    [Test]
    public void Every_block_of_two_has_one_of_each_and_the_order_is_drawn()
    {
        var schedule = new ArmSchedule(1);
        var order = Enumerable.Range(0, 200).Select(_ => schedule.NextIsFirst()).ToList();
        Assert.That(order.Chunk(2).Select(block => block[0] != block[1]), Is.All.True);
        Assert.That(order.Chunk(2).Count(block => block[0]), Is.InRange(30, 70));
    }

    [Test]
    public void Five_failures_in_the_first_arm_alone_confirm()
    {
        var schedule = new ArmSchedule(1);
        while (!schedule.IsConfirmed && schedule.FirstCycles + schedule.SecondCycles < 20)
        {
            var first = schedule.NextIsFirst();
            schedule.Record(first, first);
        }
        Assert.That(schedule.FirstFailures, Is.EqualTo(5));
        Assert.That(schedule.IsConfirmed, Is.True);
        Assert.That(schedule.Describe("on", "off"), Does.Match("^5 of 5 on, 0 of [45] off: confirmed at 95 % that on fails more \\(e = 21.3, 20 needed\\), however often it was looked at$"));
    }

    /// <summary>Ville's inequality promises 5 %; 2,000 experiments of 400 cycles each may show up to 6.2 % by chance.</summary>
    [Test]
    public void Watching_an_experiment_without_an_effect_all_the_time_confirms_less_than_one_in_twenty()
    {
        var random = new Random(7);
        var confirmed = Enumerable.Range(0, 2000).Count(seed =>
        {
            var schedule = new ArmSchedule(seed);
            for (var cycle = 0; cycle < 400 && !schedule.IsConfirmed; cycle++)
                schedule.Record(schedule.NextIsFirst(), random.NextDouble() < 0.1);
            return schedule.IsConfirmed;
        });
        Assert.That(confirmed, Is.LessThan(2000 * 0.062));
    }
}
