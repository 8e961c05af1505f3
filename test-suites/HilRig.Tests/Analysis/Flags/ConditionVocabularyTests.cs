using HilRig.Analysis.Flags;
using HilRig.Analysis.History;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Flags;

/// <summary>Every condition has a sentence, and the value stands in it.</summary>
public class ConditionVocabularyTests
{
    private static IEnumerable<string> Names => [.. ConditionVocabulary.All.Select(definition => definition.Name), ConditionVocabulary.OfParameter("size"), ConditionVocabulary.OfParameter("{odd}")];

    [TestCaseSource(nameof(Names))]
    public void Its_sentence_has_one_place_for_the_value_and_leaves_no_brace(string name)
    {
        var sentence = ConditionVocabulary.Find(name)!.Sentence;
        var words = string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence, "VALUE");
        Assert.That(words.Split("VALUE"), Has.Length.EqualTo(2), sentence);
        Assert.That(words.Replace("{odd}", "", StringComparison.Ordinal), Does.Not.Contain("{").And.Not.Contain("}"));
        Assert.That(Names.Count(other => ConditionVocabulary.Find(other)!.Sentence == sentence), Is.EqualTo(1), "a sentence is one condition's");
    }

    /// <summary>Those that the samples' own conditions carry; <see cref="LiveConditionTests"/> has the others.</summary>
    private static IEnumerable<string> Carried => Names.Except([ConditionVocabulary.Agent, ConditionVocabulary.Hour, ConditionVocabulary.SameImage, ConditionVocabulary.StepBeforeLast, ConditionVocabulary.SecondsSinceReset]);

    [TestCaseSource(nameof(Carried))]
    public void A_trigger_that_it_is_says_so_with_the_value(string name)
    {
        var (judge, random) = (new FlagJudge(), new Random(1));
        foreach (var number in Enumerable.Range(1, 200))
        {
            var fails = random.Next(3) == 0;
            judge.Add(new StepSample(
                "r-1", number, new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero).AddMinutes(number), "r1", "s", "", "lab-1", "kv58-1", number, 0, "update",
                fails ? Verdict.Fail : Verdict.Pass, fails ? Layer.Product : Layer.None, fails ? new Fingerprint("update", "write-memory", "10203", "") : null, false,
                new Dictionary<string, string> { [name] = fails ? "7" : "2" }));
        }
        var trigger = judge.Judge().Single().BestTriggers.First();
        Assert.That(trigger.Condition, Is.EqualTo($"{name}{(ConditionVocabulary.Find(name)!.Kind is ConditionKind.Count ? ">=" : "=")}7"));
        Assert.That(trigger.Sentence, Does.Contain("7").And.Not.Contain("{0}"));
    }

    [TestCase("upd_since_reset>=2"), TestCase("upd_since_power>=2"), TestCase("prev_step=update"), TestCase("prev2_step=update"), TestCase("prev_cycle=fail")]
    [TestCase("last_reset=reset_bl"), TestCase("erase_all_since_update>=1"), TestCase("erase_region_since_update>=1"), TestCase("verify_since_update>=1")]
    [TestCase("reconnect_since_reset>=1"), TestCase("cycles_since_power>=6"), TestCase("same_image=1"), TestCase("image=I1"), TestCase("size_kb>=256"), TestCase("baud=460800")]
    [TestCase("t_since_reset_s>=10"), TestCase("t_since_power_s>=10"), TestCase("seq=S01"), TestCase("step_idx>=2"), TestCase("agent=a1"), TestCase("board=b01"), TestCase("hour>=2")]
    public void A_condition_of_a_history_is_said_in_words_with_its_value(string condition)
    {
        var words = HistoryReport.InWords(condition);
        Assert.That(words, Is.Not.EqualTo(condition).And.Contain(condition.Split('=')[^1]).And.Not.Contain("{0}"));
    }

    [Test]
    public void None_at_all_and_what_nobody_knows_are_said_as_well()
    {
        Assert.That(HistoryReport.InWords("upd_since_reset=0"), Is.EqualTo("no update since the last reset"));
        Assert.That(HistoryReport.InWords("moon=full"), Is.EqualTo("moon=full"));
    }
}
