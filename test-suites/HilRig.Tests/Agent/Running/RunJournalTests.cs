using HilRig.Agent.Running;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Running;

[NonParallelizable] // weighs the whole process
public class RunJournalTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("hilrig-journal-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void What_was_appended_is_read_again_in_order()
    {
        Write(5);

        using var journal = RunJournal.Open(folder, "r", TimeProvider.System);

        Assert.That(journal.ReadAfter(2, 10).Select(runEvent => (runEvent.Number, ((CycleStarted)runEvent.Body).Cycle)), Is.EqualTo(new[] { (3L, 3), (4L, 4), (5L, 5) }));
    }

    [Test]
    public void A_journal_cut_at_any_byte_keeps_every_whole_line_and_goes_on_without_a_gap()
    {
        var path = Write(3);
        var whole = File.ReadAllBytes(path);
        var text = System.Text.Encoding.UTF8.GetString(whole);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            // A line without its line break is whole as soon as its JSON is.
            var expected = text[..length].Count(character => character == '\n') + (length < whole.Length && whole[length] == (byte)'\n' ? 1 : 0);

            using (var journal = RunJournal.Open(folder, "r", TimeProvider.System))
            {
                Assert.That(journal.LastNumber, Is.EqualTo(expected), $"cut at byte {length}");
                Assert.That(journal.Append(new CycleStarted(99)).Number, Is.EqualTo(expected + 1));
            }
            using (var again = RunJournal.Open(folder, "r", TimeProvider.System))
                Assert.That(again.LastNumber, Is.EqualTo(expected + 1), $"cut at byte {length}, then appended");
        }
    }

    [Test]
    public void A_flipped_bit_ends_what_is_believed()
    {
        var path = Write(3);
        var bytes = File.ReadAllBytes(path);
        bytes[^10] ^= 1;
        File.WriteAllBytes(path, bytes);

        using var journal = RunJournal.Open(folder, "r", TimeProvider.System);

        Assert.That(journal.LastNumber, Is.EqualTo(2));
    }

    /// <summary>Written by version 0.1 on a virtual board with its cache on; later versions must go on reading it.</summary>
    [Test]
    public void A_journal_of_version_0_1_is_read_and_folded()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Agent", "Running", "Fixtures", "run-v1.journal"), Path.Combine(folder, "r.journal"));

        using var journal = RunJournal.Open(folder, "r", TimeProvider.System);
        var fold = new RunFold();
        foreach (var runEvent in journal.ReadAfter(0, int.MaxValue))
            fold.Apply(runEvent);

        var run = fold.ToSummary();
        Assert.That((run.CyclesDone, run.Verdict, run.Ended!.Reason), Is.EqualTo((3, Verdict.Fail, EndReason.Completed)));
        Assert.That(run.StepFailures, Is.EquivalentTo(new Dictionary<string, int> { ["update · write-memory · 10203 kStatusMemoryCumulativeWrite"] = 2 }));
        Assert.That(journal.HasEnded, Is.True);
    }

    [Test]
    public void The_lease_outlives_the_agent_and_is_no_event()
    {
        using (var journal = RunJournal.Create(folder, "r", TimeProvider.System, epoch: 7))
            journal.Append(new CycleStarted(1));

        using var again = RunJournal.Open(folder, "r", TimeProvider.System);

        Assert.That((again.Epoch, again.LastNumber), Is.EqualTo((7L, 1L)));
        Assert.That(again.ReadAfter(0, 10).Select(runEvent => runEvent.Number), Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public void Nothing_is_written_after_the_end()
    {
        using var journal = RunJournal.Create(folder, "r", TimeProvider.System);
        journal.Append(new RunEnded(Verdict.Pass, EndReason.Completed, ""));

        Assert.That(() => journal.Append(new CycleStarted(1)), Throws.InvalidOperationException);
        Assert.That(journal.LastNumber, Is.EqualTo(1));
    }

    [Test]
    public void What_is_in_memory_does_not_grow_with_what_the_events_say()
    {
        using var journal = RunJournal.Create(folder, "r", TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 1; number <= 200; number++)
            journal.Append(new RigNotice("probe", new string('x', 50_000)));

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.That(grown, Is.LessThan(5_000_000), "200 events of 50 000 characters, 20 MB were they kept");
        Assert.That(journal.ReadAfter(199, 10).Select(runEvent => runEvent.Number), Is.EqualTo(new[] { 200L }));
    }

    private string Write(int events)
    {
        using var journal = RunJournal.Create(folder, "r", TimeProvider.System);
        for (var cycle = 1; cycle <= events; cycle++)
            journal.Append(new CycleStarted(cycle));
        return Path.Combine(folder, "r" + RunJournal.Extension);
    }
}
