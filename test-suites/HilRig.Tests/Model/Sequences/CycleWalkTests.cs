using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Model.Sequences;

public class CycleWalkTests
{
    private const string Drawn = """
        - choose:
            - {weight: 3, steps: [ping, update]}
            - erase-all
            - []
        - verify: {by: swd}
        """;

    [Test]
    public void The_same_seed_and_cycle_draw_the_same_steps_and_another_cycle_draws_others()
    {
        var first = Enumerable.Range(1, 50).Select(cycle => Walk(Drawn, cycle: cycle, seed: 7)).ToList();
        var second = Enumerable.Range(1, 50).Select(cycle => Walk(Drawn, cycle: cycle, seed: 7)).ToList();

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first.Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Branches_are_drawn_by_weight()
    {
        var updates = Enumerable.Range(1, 5000).Count(cycle => Walk(Drawn, cycle: cycle).Contains("update"));

        // Weight 3 of 5: 3000 expected, standard deviation 35.
        Assert.That(updates, Is.InRange(2825, 3175));
    }

    [Test]
    public void A_step_that_does_not_pass_ends_the_cycle() =>
        Assert.That(Walk("- ping\n- repeat: {times: 3, steps: [update, verify: {by: swd}]}\n- ping", step => step == "update" ? Verdict.Fail : Verdict.Pass), Is.EqualTo("ping update"));

    [Test]
    public void A_block_is_repeated_so_often() =>
        Assert.That(Walk("- repeat: {times: 3, steps: [update, ping]}"), Is.EqualTo("update ping update ping update ping"));

    [Test]
    public void Shuffled_groups_come_in_every_order_and_keep_their_own()
    {
        var walks = Enumerable.Range(1, 600).Select(cycle => Walk("- shuffle: [ping, [erase-all, update], wait: {for: 1ms}]", cycle: cycle)).ToList();

        Assert.That(walks, Has.All.Contains("erase-all update"));
        // 6 orders, 100 expected of each, standard deviation 9.
        Assert.That(walks.GroupBy(walk => walk).Select(group => group.Count()), Has.Exactly(6).InRange(60, 140));
    }

    [Test]
    public void An_until_goes_on_after_a_failure_that_it_waits_for_and_the_cycle_goes_on_after_it()
    {
        var updates = 0;

        Assert.That(
            Walk("- until: {status: 10203, at-most: 9, steps: [update, ping]}\n- erase-all", step => step == "update" && ++updates == 3 ? Verdict.Fail : Verdict.Pass),
            Is.EqualTo("update ping update ping update erase-all"));
    }

    [Test]
    public void An_until_whose_condition_never_comes_ends_the_cycle() =>
        Assert.That(Walk("- until: {verdict: fail, at-most: 2, steps: [update]}\n- erase-all"), Is.EqualTo("update update until"));

    [Test]
    public void An_until_does_not_go_on_after_what_the_rig_broke() =>
        Assert.That(Walk("- until: {verdict: pass, at-most: 5, steps: [update]}\n- erase-all", _ => Verdict.Error), Is.EqualTo("update"));

    [Test]
    public void An_until_may_wait_for_a_measurement()
    {
        var reads = 0;

        Assert.That(
            Walk("- until: {measured: verify-writes, is: 2, at-most: 5, steps: [read-property: {property: verify-writes}]}", measure: () => ++reads),
            Is.EqualTo("read-property read-property"));
    }

    [Test]
    public void What_is_drawn_after_an_until_does_not_depend_on_how_many_rounds_it_took()
    {
        const string Text = "- until: {verdict: pass, at-most: 5, steps: [choose: [update, erase-all]]}\n- shuffle: [ping, wait: {for: 1ms}]";
        var left = 3;

        foreach (var cycle in Enumerable.Range(1, 40))
        {
            left = 3;
            var slow = Walk(Text, _ => --left > 0 ? Verdict.Fail : Verdict.Pass, cycle: cycle);
            Assert.That(slow.Split(' ')[^2..], Is.EqualTo(Walk(Text, cycle: cycle).Split(' ')[^2..]));
        }
    }

    private static string Walk(string steps, Func<string, Verdict>? verdict = null, Func<double>? measure = null, int cycle = 1, long seed = 1)
    {
        var sequence = SequenceFile.Parse("s.yaml", $"sequence: s\nboard: kv58\nsteps:\n{steps}\n");
        var walk = CycleWalk.Of(sequence.Steps, seed, cycle);
        var words = new List<string>();
        StepEnded? result = null;
        while (walk.Next(result) is { } call)
        {
            words.Add(call.Name);
            var of = call.Name == "until" ? Verdict.Inconclusive : verdict?.Invoke(call.Name) ?? Verdict.Pass;
            var failure = of > Verdict.Pass ? new Failure("write-memory", "10203", "kStatusMemoryCumulativeWrite", "") : null;
            var measurements = measure is null ? [] : new Dictionary<string, double> { ["verify-writes"] = measure() };
            result = new StepEnded(cycle, 0, StepPhase.Steps, call.Name, "", of, Layer.None, failure, 1, false, new Dictionary<string, string>(), measurements, []);
        }
        return string.Join(' ', words);
    }
}
