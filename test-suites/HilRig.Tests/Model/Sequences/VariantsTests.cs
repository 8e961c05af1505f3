using HilRig.Model;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Model.Sequences;

public class VariantsTests
{
    private const string Text = """
        sequence: s
        board: kv58
        image: {file: app.bin, address: $address}
        parameters:
          address: {default: 0x1000A000, unit: address}
          way: {default: rig}
          rounds: {default: 2, unit: number}
        matrix:
          over:
            address: [0x1000A000, 0x1000C000, 0x1000F000]
            way: [blhost, kinetis-flash-tool]
        setup:
          - update: {recipe: $way}
        steps:
          - repeat: {times: $rounds, steps: [update: {recipe: $way}]}
        """;

    [Test]
    public void A_value_stands_where_its_name_stood_and_setup_has_the_defaults()
    {
        var variants = Variants.Of(SequenceFile.Parse("s.yaml", Text));

        Assert.That(((StepCall)variants.Usual.Setup[0]).Arguments[0].Value, Is.EqualTo("rig"));
        var variant = variants.All[5];
        Assert.That(variant.Parameters, Is.EqualTo(new Dictionary<string, string> { ["address"] = "0x1000F000", ["way"] = "kinetis-flash-tool", ["rounds"] = "2" }));
        Assert.That(variant.Image!.Address!.Value, Is.EqualTo("0x1000F000"));
        var repeat = (Repeat)variant.Steps[0];
        Assert.That((repeat.Count, ((StepCall)repeat.Steps[0]).Arguments[0].Value), Is.EqualTo((2, "kinetis-flash-tool")));
    }

    [Test]
    public void Every_variant_comes_once_before_any_comes_again_and_the_seed_draws_the_order()
    {
        var variants = Variants.Of(SequenceFile.Parse("s.yaml", Text));

        Assert.That(variants.Cycles, Is.EqualTo(6));
        var passes = Enumerable.Range(1, 60).Select(cycle => variants.ForCycle(3, cycle)).Chunk(6).ToList();
        Assert.That(passes.Select(pass => pass.Distinct().Count()), Has.All.EqualTo(6));
        Assert.That(passes.Select(pass => string.Join(' ', pass.Select(variant => variants.All.ToList().IndexOf(variant)))).Distinct().Count(), Is.GreaterThan(5));
        Assert.That(Enumerable.Range(1, 60).Select(cycle => variants.ForCycle(3, cycle)), Is.EqualTo(passes.SelectMany(pass => pass)));
    }

    [Test]
    public void A_value_from_the_caller_replaces_the_default_and_fixes_an_axis()
    {
        var sequence = SequenceFile.Parse("s.yaml", Text).With(new Dictionary<string, string> { ["way"] = "rig", ["rounds"] = "5" });

        Assert.That(Variants.Of(sequence).All.Select(variant => (variant.Parameters["way"], variant.Parameters["rounds"])), Is.EqualTo(Enumerable.Repeat(("rig", "5"), 3)));
    }

    [TestCase("adress", "0", "no parameter `adress`; did you mean `address`?")]
    [TestCase("address", "here", "parameter `address` cannot be `here`; expected a number such as 8192 or 0x2000")]
    public void A_callers_mistake_is_named(string name, string value, string expected) =>
        Assert.That(() => SequenceFile.Parse("s.yaml", Text).With(new Dictionary<string, string> { [name] = value }), Throws.TypeOf<BadInputException>().With.Message.Contains(expected));

    // Lower bounds are products of the largest axes; the greedy rows may need some more.
    [TestCase("pairwise", 2, new[] { 3, 3, 3, 3 }, 9, 12)]
    [TestCase("pairwise", 2, new[] { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 }, 4, 10)]
    [TestCase("pairwise", 2, new[] { 5, 4, 3, 2 }, 20, 22)]
    [TestCase("3-way", 3, new[] { 3, 3, 3, 3 }, 27, 40)]
    [TestCase("3-way", 3, new[] { 2, 2 }, 4, 4)]
    [TestCase("all", 4, new[] { 3, 2, 2, 2 }, 24, 24)]
    public void Few_rows_make_all_values_of_any_few_parameters_meet(string cover, int strength, int[] sizes, int least, int most)
    {
        var names = sizes.Select((_, axis) => $"p{axis}").ToList();
        var declared = string.Concat(names.Select(name => $"  {name}: {{default: v0}}\n"));
        var over = string.Join(", ", sizes.Select((size, axis) => $"p{axis}: [{string.Join(", ", Enumerable.Range(0, size).Select(value => $"v{value}"))}]"));
        var rows = SequenceFile.Parse("s.yaml", $"sequence: s\nboard: b\nparameters:\n{declared}matrix: {{cover: {cover}, over: {{{over}}}}}\nsteps: [ping]").Matrix!.Rows();

        Assert.That(rows, Has.Count.InRange(least, most));
        foreach (var group in Subsets(names, Math.Min(strength, names.Count)))
        {
            var meetings = rows.Select(row => string.Join(' ', group.Select(name => row[name]))).Distinct().Count();
            Assert.That(meetings, Is.EqualTo(group.Aggregate(1, (product, name) => product * sizes[names.IndexOf(name)])), string.Join(' ', group));
        }
    }

    [Test]
    public void A_matrix_that_would_never_end_is_refused_before_its_rows_are_made() =>
        Assert.That(
            () => SequenceFile.Parse("s.yaml", $"sequence: s\nboard: b\nparameters: {{{string.Join(", ", Enumerable.Range(0, 20).Select(axis => $"p{axis}: {{default: x}}"))}}}\nmatrix: {{over: {{{string.Join(", ", Enumerable.Range(0, 20).Select(axis => $"p{axis}: [x, y, z]"))}}}}}\nsteps: [ping]"),
            Throws.TypeOf<BadInputException>().With.Message.Contains("the matrix has too many combinations"));

    private static IEnumerable<string[]> Subsets(List<string> names, int size, int from = 0) =>
        size == 0 ? [[]] : Enumerable.Range(from, names.Count - from).SelectMany(first => Subsets(names, size - 1, first + 1).Select(rest => (string[])[names[first], .. rest]));
}
