using System.Reflection;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Faults;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>No fault without a test that shows it from both sides, and no row of facts/kboot.md §10 without a fault.</summary>
public class SymptomCoverageTests
{
    private static readonly Dictionary<string, string> Facts = FaultCatalog.Kinds.Select(kind => (kind.Name, kind.Fact))
        .Concat(FaultCatalog.Deeds.Select(deed => (deed.Name, deed.Fact))).ToDictionary(entry => entry.Name, entry => entry.Fact);

    private static readonly List<SymptomAttribute> Shown =
        [.. typeof(SymptomCoverageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(IsTest).SelectMany(method => method.GetCustomAttributes<SymptomAttribute>())];

    [Test]
    public void Every_fault_has_a_test_that_shows_it_from_the_hosts_side_and_from_SWDs() =>
        Assert.That(Facts.Keys.Except(Shown.Select(symptom => symptom.Name)), Is.Empty);

    [Test]
    public void Every_row_of_the_fault_table_is_shown_by_a_test() =>
        Assert.That(Enumerable.Range(1, 33).Select(row => $"F{row}").Except(Shown.SelectMany(symptom => symptom.Facts.Split(' '))), Is.Empty);

    [Test]
    public void No_test_shows_what_the_list_does_not_claim()
    {
        foreach (var symptom in Shown)
            Assert.That(symptom.Facts.Split(' '), Is.SubsetOf(Facts.GetValueOrDefault(symptom.Name, "no such fault").Split(' ')), symptom.Name);
    }

    [Test]
    public void A_test_that_looks_from_one_side_only_is_refused()
    {
        var symptom = new SymptomAttribute("fprot", "F10");
        symptom.BeforeTest(null!);
        using var board = FaultyBoard.Board("fprot");
        Assert.That(() => symptom.AfterTest(null!), Throws.Exception.With.Message.Contains("the host never spoke"));
        FaultyBoard.Connect(board);
        Assert.That(() => symptom.AfterTest(null!), Throws.Exception.With.Message.Contains("SWD never looked"));
        board.Swd.Array(0x1000A000, 4);
        symptom.AfterTest(null!);
    }

    [Test]
    public void The_list_names_every_fault_with_both_symptoms_and_each_can_be_armed()
    {
        var list = FaultCatalog.Describe().ToList();
        foreach (var (name, fact) in Facts)
        {
            var at = list.FindIndex(line => line.Split(':', ' ')[0] == name && line.EndsWith($"[{fact}]", StringComparison.Ordinal));
            Assert.That(list.Skip(at + 1).Take(2), Has.One.Match("^    host: .").And.One.Match("^    SWD:  ."), name);
        }
        foreach (var kind in FaultCatalog.Kinds)
            FaultyBoard.Board(kind.Name).Dispose();
    }

    [Test]
    public void Faults_compose_and_each_has_its_own_stream_of_chance()
    {
        var alone = Losses("drop:direction=in,p=0.2");
        Assert.That(alone, Has.Length.InRange(100, 300));
        Assert.That(Losses("drop:direction=in,p=0.2", "weak-cells:p=0.5", "probe-no-ack:p=0.5"), Is.EqualTo(alone), "another fault does not move the first");
        Assert.That(Losses("weak-cells", "drop:direction=in,p=0.2"), Is.Not.EqualTo(alone), "its place in the list is part of its seed");
    }

    /// <summary>Which of a thousand bytes a line drops.</summary>
    private static int[] Losses(params string[] faults)
    {
        List<ILineFault> line = [];
        var board = new Board(new BoardOptions { Name = "kv58-t" }, new HandTurnedTime());
        FaultCatalog.Attach(faults, seed: 3, chance => new FaultSite(board.Chip, board.Supply, line, [], [], chance));
        var kept = new List<LineByte>();
        return [.. Enumerable.Range(0, 1000).Where(_ =>
        {
            kept.Clear();
            line[0].Pass(new LineByte(0, 0), kept);
            return kept.Count == 0;
        })];
    }

    [TestCase("flop", "no fault 'flop'")]
    [TestCase("drop:p=2", "p=2")]
    [TestCase("drop:q=1", "no parameter 'q'")]
    [TestCase("drop:p", "key=value")]
    [TestCase("erase-all-unsecure", "the host sends")]
    public void A_fault_that_is_not_understood_is_named(string text, string expected) =>
        Assert.That(() => FaultyBoard.Board(text).Dispose(), Throws.TypeOf<UsageException>().With.Message.Contains(expected));

    private static bool IsTest(MethodInfo method) => method.IsDefined(typeof(TestAttribute)) || method.IsDefined(typeof(TestCaseAttribute));
}
