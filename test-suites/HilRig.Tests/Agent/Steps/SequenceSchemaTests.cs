using HilRig.Agent.Steps;
using HilRig.Model.Sequences;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Steps;

public class SequenceSchemaTests
{
    private const string EveryConstruct = """
        sequence: s
        question: Does an editor take what the language takes?
        board: kv58
        cycles: 3
        image: {size: $size, seed: 7, address: 0x1000A000}
        parameters:
          size: {default: 1025, unit: bytes}
          pause: {default: 5ms, unit: time}
        matrix: {cover: 3-way, over: {size: [31, 0x400]}}
        setup: [ping]
        steps:
          - choose: [ping, [], {weight: 2, steps: [erase-all]}]
          - shuffle: [ping, [erase-all, update]]
          - repeat: {times: 2, steps: [reset: {by: probe}]}
          - until: {measured: verify-writes, is: 1, at-most: 3, steps: [read-property: {property: verify-writes, index: 0}]}
          - expect: {status: 10200, step: {erase-region: {start: 0x10000000, length: "0x20"}}}
          - include: {file: part.yaml, set: {way: $size}}
          - wait: {for: $pause}
        on-failure: [ping]
        cleanup:
          - reset: {by: power}
        """;

    private static IEnumerable<TestCaseData> Shipped =>
        from path in Directory.GetFiles(TestBoard.RepositoryFile("test-suites/sequences"), "*.yaml", SearchOption.AllDirectories)
        select new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path));

    [Test]
    public void The_committed_schema_is_the_languages() =>
        Assert.That(File.ReadAllText(TestBoard.RepositoryFile("docs/sequence.schema.json")), Is.EqualTo(SequenceSchema.Text()), "write it anew: ./rig agent schema > docs/sequence.schema.json");

    [TestCaseSource(nameof(Shipped))]
    public void A_shipped_sequence_is_as_the_schema_says(string path) => Assert.That(SchemaCheck.Of(SequenceSchema.Text(), File.ReadAllText(path)), Is.Empty);

    [TestCaseSource(nameof(Shipped))]
    public void A_shipped_sequence_says_in_its_first_line_which_question_it_answers(string path)
    {
        Assert.That(File.ReadLines(path).First(), Does.Match(@"^# Which question: .*\?$"));
        Assert.That(SequenceFile.Load(path).Question, Does.EndWith("?"));
    }

    [Test]
    public void Every_construct_is_as_the_schema_says() => Assert.That(SchemaCheck.Of(SequenceSchema.Text(), EveryConstruct), Is.Empty);

    [TestCase("board: kv58", "")]
    [TestCase("board:", "bord:")]
    [TestCase("cycles: 3", "cycles: 0")]
    [TestCase("unit: bytes", "unit: bites")]
    [TestCase("cover: 3-way", "cover: 4-way")]
    [TestCase("weight: 2", "wait: 2")]
    [TestCase("times: 2, ", "")]
    [TestCase("by: probe", "by: magic")]
    [TestCase("by: probe", "bye: probe")]
    [TestCase("for: $pause", "for: 5")]
    [TestCase("start: 0x10000000", "start: here")]
    [TestCase("  - wait: {for: $pause}", "  - wait")]
    [TestCase("setup: [ping]", "setup: [pong]")]
    [TestCase("setup: [ping]", "setup: ping")]
    public void A_mistake_is_none_of_what_the_schema_allows(string right, string wrong)
    {
        var bent = EveryConstruct.Replace(right, wrong);

        Assert.That(bent, Is.Not.EqualTo(EveryConstruct));
        Assert.That(SchemaCheck.Of(SequenceSchema.Text(), bent), Is.Not.Empty);
    }
}
