using HilRig.Model;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Model.Sequences;

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
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - repeat", "s.yaml:4:5: `repeat` stands alone")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - repaet: {times: 3, steps: [ping]}", "(did you mean `repeat`?)")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - repeat: {time: 3, steps: [ping]}", "s.yaml:4:14: `repeat` has no `time`; did you mean `times`?")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - repeat: {times: 0, steps: [ping]}", "s.yaml:4:21: `times` must be a whole number from 1 to 10000, not `0`")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - shuffle: [ping]", "s.yaml:4:14: `shuffle` needs a list of at least two entries")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - until: {verdict: pas, at-most: 3, steps: [ping]}", "s.yaml:4:22: no round can end in `pas`; did you mean `pass`?")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - until: {at-most: 3, steps: [ping]}", "`until` waits for one thing")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - until: {measured: x, at-most: 3, steps: [ping]}", "`measured` and `is` belong together")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - until: {verdict: pass, steps: [ping]}", "`until` needs `at-most:`")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - expect: {status: 101, step: {repeat: {times: 2, steps: [ping]}}}", "`expect` takes one step, no construct")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - include: {file: x.yaml}", "s.yaml:4:5: `include` needs the file beside this one")]
    [TestCase("sequence: s\nboard: kv58\nsteps:\n  - wait: {for: $pause}", "s.yaml:4:12: no parameter `pause`; it takes none")]
    [TestCase("sequence: s\nboard: kv58\nparameters:\n  pause: {default: 5s, unit: tiem}\nsteps: [ping]", "s.yaml:4:30: no unit `tiem`; did you mean `time`?")]
    [TestCase("sequence: s\nboard: kv58\nparameters:\n  pause: {default: 5, unit: time}\nsteps: [ping]", "s.yaml:4:20: parameter `pause` (time) cannot be `5`; expected a time with its unit")]
    [TestCase("sequence: s\nboard: kv58\nparameters:\n  Pause: {default: 5}\nsteps: [ping]", "a parameter's name is lower-case letters")]
    [TestCase("sequence: s\nboard: kv58\nparameters:\n  n: {default: 2}\nmatrix: {over: {m: [1]}}\nsteps: [ping]", "s.yaml:5:17: no parameter `m`; did you mean `n`?")]
    [TestCase("sequence: s\nboard: kv58\nparameters:\n  n: {default: 2}\nmatrix: {cover: pair, over: {n: [1]}}\nsteps: [ping]", "no cover `pair`")]
    [TestCase("sequence: s\nboard: kv58\nparameters:\n  n: {default: 2}\nmatrix: {over: {n: [1, 1]}}\nsteps: [ping]", "`1` stands twice in `n`")]
    [TestCase("sequence: s\nboard: kv58\nparameters:\n  n: {default: 2, unit: number}\nmatrix: {over: {n: [1, 0]}}\nsteps:\n  - repeat: {times: $n, steps: [ping]}", "s.yaml:7:21: `times` must be a whole number from 1 to 10000, not `0`")]
    [TestCase("sequence: s\nboard: kv58\nimage: {size: 10, file: a.bin}\nsteps: [ping]", "s.yaml:3:8: `image` is a file (`file: app.bin`) or made")]
    [TestCase("sequence: s\nboard: kv58\nsteps: &a [ping, choose: [*a, ping]]", "an alias (`*a`) is not read here")]
    [TestCase("sequence: [s\nboard: kv58", "not valid YAML")]
    [TestCase("- ping", "expected `key: value` lines")]
    [TestCase("", "expected one YAML document, found 0")]
    public void A_mistake_is_named_with_its_place(string text, string expected) =>
        Assert.That(() => SequenceFile.Parse("s.yaml", text), Throws.TypeOf<BadInputException>().With.Message.Contains(expected).And.Message.StartsWith("s.yaml:"));

    [Test]
    public void Every_mistake_of_a_file_is_found_not_only_the_first()
    {
        var problems = new Problems();
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, "sequence: s\nboard: kv58\ncycles: none\nsetup:\n  - wait: {for: $nothing}\nsteps:\n  - ping\n  - repeat: {times: 0, steps: [choose: [ping]]}\n  - []\n");
        SequenceFile.Load(file, problems);
        File.Delete(file);

        Assert.That(problems.Found.Select(problem => problem.Message[(file.Length + 1)..]), Is.EqualTo(new[]
        {
            "3:9: `cycles` must be a whole number from 1 to 10000000, not `none`",
            "8:40: `choose` needs a list of at least two branches",
            "9:5: a step is its name alone, or its name with arguments: `- reset: {by: power}`",
            "5:12: no parameter `nothing`; it takes none",
            "8:21: `times` must be a whole number from 1 to 10000, not `0`",
        }));
    }

    [TestCase("[", "nested more than 50 deep")]
    [TestCase("{a: ", "nested more than 50 deep")]
    public void A_bottomless_text_is_refused_and_not_walked(string bracket, string expected) =>
        Assert.That(() => SequenceFile.Parse("s.yaml", "steps: " + string.Concat(Enumerable.Repeat(bracket, 100_000))), Throws.TypeOf<BadInputException>().With.Message.Contains(expected));
}
