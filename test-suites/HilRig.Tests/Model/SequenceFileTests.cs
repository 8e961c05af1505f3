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
}
