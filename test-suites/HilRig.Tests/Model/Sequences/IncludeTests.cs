using HilRig.Model;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Model.Sequences;

public class IncludeTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("hilrig-include-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void An_included_sequence_has_values_of_its_own_or_those_it_is_given()
    {
        Write("part.yaml", "sequence: part\nboard: kv58\nparameters: {pause: {default: 5ms, unit: time}, way: {default: blhost}}\nsteps:\n  - wait: {for: $pause}\n  - update: {recipe: $way}\n");
        var path = Write("s.yaml", "sequence: s\nboard: kv58\nparameters: {tool: {default: rig}}\nsteps:\n  - include: {file: part.yaml, set: {way: $tool}}\n  - include: {file: part.yaml, set: {pause: 1s}}\n");

        var sequence = SequenceFile.Load(path);

        var walked = Variants.Of(sequence).Usual.Steps.Cast<StepCall>().Select(call => call.Arguments[0].Value);
        Assert.That(walked, Is.EqualTo(new[] { "5ms", "rig", "1s", "blhost" }));
        Assert.That(SequencePrinter.Print(SequenceFile.Load(Write("printed.yaml", SequencePrinter.Print(sequence)))), Is.EqualTo(SequencePrinter.Print(sequence)));
        Assert.That(sequence.Text, Does.Not.Contain("include").And.Contains("$tool"), "the text that is sent needs no other file");
        Assert.That(Variants.Of(SequenceFile.Parse("s.yaml", sequence.Text)).Usual.Steps, Has.Count.EqualTo(4));
    }

    [TestCase("steps: [include: {file: none.yaml}]", "none.yaml: no such sequence file")]
    [TestCase("steps: [include: {file: s.yaml}]", "s.yaml:3:9: the file includes itself: s.yaml → s.yaml")]
    [TestCase("steps: [include: {file: loop.yaml}]", "loop.yaml:3:9: the file includes itself: s.yaml → loop.yaml → s.yaml")]
    [TestCase("steps: [include: {file: full.yaml}]", "full.yaml:3:1: an included sequence has no `setup`")]
    [TestCase("steps: [include: {file: part.yaml, set: {puase: 1s}}]", "has no parameter `puase`; did you mean `pause`?")]
    [TestCase("steps: [include: {file: part.yaml, set: {pause: 1}}]", "s.yaml:3:42: parameter `pause` (time) cannot be `1`")]
    [TestCase("steps: [include: {file: other.yaml}]", "is for board `kl27`, this one for `kv58`")]
    public void A_mistake_is_named_with_the_file_it_is_in(string steps, string expected)
    {
        Write("loop.yaml", "sequence: loop\nboard: kv58\nsteps: [include: {file: s.yaml}]\n");
        Write("full.yaml", "sequence: full\nboard: kv58\nsetup: [ping]\nsteps: [ping]\n");
        Write("part.yaml", "sequence: part\nboard: kv58\nparameters: {pause: {default: 5ms, unit: time}}\nsteps: [wait: {for: $pause}]\n");
        Write("other.yaml", "sequence: other\nboard: kl27\nsteps: [ping]\n");

        var path = Write("s.yaml", $"sequence: s\nboard: kv58\n{steps}\n");

        Assert.That(() => SequenceFile.Load(path), Throws.TypeOf<BadInputException>().With.Message.Contains(expected));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
