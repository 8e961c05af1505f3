using HilRig.Model;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Model;

public class SequenceFileTests
{
    private const string Good = """
        sequence: s
        board: kv58
        cycles: 3
        setup:
          - reset: {by: power}
        steps:
          - choose:
              - {weight: 3, steps: [ping, update]}
              - erase-all
              - []
          - verify: {by: swd}
        """;

    [Test]
    public void A_sequence_keeps_its_steps_arguments_and_branches()
    {
        var sequence = SequenceFile.Parse("s.yaml", Good);

        Assert.That(sequence.Cycles, Is.EqualTo(3));
        Assert.That(((StepCall)sequence.Setup[0]).Arguments.Single(), Has.Property("Name").EqualTo("by").And.Property("Value").EqualTo("power"));
        var choose = (Choose)sequence.Steps[0];
        Assert.That(choose.Branches.Select(branch => (branch.Weight, branch.Steps.Count)), Is.EqualTo(new[] { (3, 2), (1, 1), (1, 0) }));
        Assert.That(((StepCall)sequence.Steps[1]).Position.Line, Is.EqualTo(11));
    }

    [TestCase("board: kv58\nsteps: [ping]", "`sequence:` is missing")]
    [TestCase("sequence: s\nboard: kv58", "`steps:` is missing")]
    [TestCase("sequence: s\nboard: kv58\nsteps: []", "`steps:` is missing or empty")]
    [TestCase("sequence: s\nboard: kv58\ncycles: 0\nsteps: [ping]", "s.yaml:3:9: `cycles` must be a whole number")]
    [TestCase("sequence: s\nbord: kv58\nsteps: [ping]", "s.yaml:2:1: a sequence has no `bord`; did you mean `board`?")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - reset: power", "s.yaml:4:12: arguments of `reset`")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - choose: [ping]", "s.yaml:4:13: `choose` needs a list of at least two branches")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - choose: [{weight: 0, steps: []}, ping]", "`weight` must be a whole number from 1 to 1000")]
    [TestCase("sequence: [s\nboard: kv58", "not valid YAML")]
    [TestCase("- ping", "expected `key: value` lines")]
    [TestCase("", "expected one YAML document, found 0")]
    public void A_mistake_is_named_with_its_place(string text, string expected) =>
        Assert.That(() => SequenceFile.Parse("s.yaml", text), Throws.TypeOf<BadInputException>().With.Message.Contains(expected).And.Message.StartsWith("s.yaml:"));

    [Test]
    public void The_same_seed_and_cycle_draw_the_same_steps_and_another_cycle_draws_others()
    {
        var sequence = SequenceFile.Parse("s.yaml", Good);

        var first = Enumerable.Range(1, 50).Select(cycle => Words(CyclePlan.Draw(sequence.Steps, 7, cycle))).ToList();
        var second = Enumerable.Range(1, 50).Select(cycle => Words(CyclePlan.Draw(sequence.Steps, 7, cycle))).ToList();

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first.Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Branches_are_drawn_by_weight()
    {
        var sequence = SequenceFile.Parse("s.yaml", Good);

        var updates = Enumerable.Range(1, 5000).Count(cycle => Words(CyclePlan.Draw(sequence.Steps, 1, cycle)).Contains("update"));

        // Weight 3 of 5: 3000 expected, standard deviation 35.
        Assert.That(updates, Is.InRange(2825, 3175));
    }

    private static string Words(IEnumerable<StepCall> calls) => string.Join(' ', calls.Select(call => call.Name));
}
