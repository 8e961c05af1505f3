using HilRig.Analysis.Flags;
using HilRig.Analysis.History;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.History;

/// <summary>A history file told as runs: nothing is lost, added or judged more harshly than it was seen.</summary>
public sealed class HistoryRunsTests
{
    private static readonly DateTimeOffset Evening = new(2026, 1, 21, 22, 0, 0, TimeSpan.Zero);
    private static readonly string Digest = new('a', 64);

    [Test]
    public void Each_run_folds_and_has_the_cycles_and_failures_of_the_file()
    {
        var runs = RunsOf(Histories.Lines());

        Assert.That(runs.Select(Fold).Select(run => (run.Started.Place, run.CyclesDone, run.CyclesByVerdict[Verdict.Fail], run.Ended!.Reason)), Is.EqualTo(new[]
        {
            ("b01", 30, 10, EndReason.Completed), ("b02", 30, 10, EndReason.Completed),
        }));
        Assert.That(runs.SelectMany(events => SampleReader.From(events)).Count(), Is.EqualTo(180));
        Assert.That(runs[0][1].At, Is.EqualTo(Evening.AddSeconds(10)));
    }

    [Test]
    public void Silence_accuses_nobody_but_the_rig_that_raised_an_alarm_and_a_recovery_is_no_sample()
    {
        var lines = Histories.Lines(1).Take(3).Append(Row("update,run,TIMEOUT,0", 2)).Append(Row("power_cycle,rec,,0", 99)).Append(Row("update,run,TIMEOUT,1", 100));
        var samples = RunsOf(lines).SelectMany(events => SampleReader.From(events)).ToList();

        Assert.That(samples.Select(sample => (sample.Verdict, sample.Layer)), Is.EqualTo(new[]
        {
            (Verdict.Pass, Layer.None), (Verdict.Pass, Layer.None), (Verdict.Inconclusive, Layer.Undetermined), (Verdict.Error, Layer.Rig),
        }));
    }

    [Test]
    public void The_trigger_is_found_in_what_was_imported_as_in_the_file_itself()
    {
        var judge = new FlagJudge();
        foreach (var sample in RunsOf(Histories.Lines()).SelectMany(events => SampleReader.From(events)))
            judge.Add(sample);

        var flag = judge.Judge().Single();

        Assert.That(flag.Fingerprint.Key, Is.EqualTo("f1/update/*/10203"));
        Assert.That(flag.BestTriggers.Select(trigger => trigger.Condition), Has.Some.StartsWith(ConditionVocabulary.UpdatesSinceReset));
    }

    private static List<IReadOnlyList<RunEvent>> RunsOf(IEnumerable<string> lines) =>
        [.. HistoryRuns.From(HistoryFile.Read(new StringReader(string.Join('\n', lines)), "h.csv"), Digest, Evening)];

    private static RunSummary Fold(IReadOnlyList<RunEvent> events)
    {
        var fold = new RunFold();
        foreach (var runEvent in events)
            fold.Apply(runEvent);
        return fold.ToSummary();
    }

    private static string Row(string step, int index)
    {
        var words = step.Split(',');
        return $"{index + 10},1,R1,a1,b01,1,S01,{index},{words[0]},{words[1]},{20 + index},,0,57600,0,1.5,1,power_cycle,0,{(words[2].Length > 0 ? "fail" : "pass")},{words[2]},{words[3]}";
    }
}
