using HilRig.Agent.Hub;
using HilRig.Agent.Running;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Hub;

public class JournalShelfTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("hilrig-shelf-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_run_taken_up_from_an_earlier_agent_ends_as_lost_under_its_own_lease()
    {
        using (var first = new JournalShelf(folder, TimeProvider.System))
        {
            first.TryBegin(SampleOrder.Of("r", epoch: 7), out var journal);
            journal.Append(new CycleStarted(1));
        }

        using var second = new JournalShelf(folder, TimeProvider.System);

        var run = second.All().Single();
        Assert.That((run.Epoch, run.LastNumber, run.HasEnded), Is.EqualTo((7L, 2L, true)));
    }

    [Test]
    public void A_run_that_is_to_go_on_stays_open_with_its_order()
    {
        using (var first = new JournalShelf(folder, TimeProvider.System))
        {
            first.TryBegin(SampleOrder.Of("r", epoch: 7), out var journal);
            journal.Append(new CycleStarted(1));
        }

        using var second = new JournalShelf(folder, TimeProvider.System, AfterCrash.Resume);

        var run = second.All().Single();
        Assert.That((run.Epoch, run.LastNumber, run.HasEnded, run.Order), Is.EqualTo((7L, 1L, false, SampleOrder.Of("r", epoch: 7))));
    }

    [Test]
    public void A_run_that_is_ordered_once_more_under_another_lease_goes_on_under_that_one()
    {
        using var shelf = new JournalShelf(folder, TimeProvider.System);
        shelf.TryBegin(SampleOrder.Of("r", epoch: 7), out _);

        Assert.That(shelf.TryBegin(SampleOrder.Of("r", epoch: 8), out var known), Is.False);

        Assert.That(known.Epoch, Is.EqualTo(8));
    }

    [Test]
    public void A_run_that_goes_on_in_another_process_is_left_alone()
    {
        using var running = RunJournal.Create(folder, "r-offline", TimeProvider.System);
        running.Append(new CycleStarted(1));

        using (var shelf = new JournalShelf(folder, TimeProvider.System))
            Assert.That(shelf.All(), Is.Empty);

        Assert.That(running.Append(new CycleStarted(2)).Number, Is.EqualTo(2));
        running.Dispose();
        using var read = RunJournal.Open(folder, "r-offline", TimeProvider.System);
        Assert.That(read.ReadAfter(0, 10).Select(runEvent => runEvent.Body.GetType()), Has.All.EqualTo(typeof(CycleStarted)));
    }
}
