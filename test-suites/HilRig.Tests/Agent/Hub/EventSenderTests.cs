using HilRig.Agent.Hub;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Hub;

public class EventSenderTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("hilrig-sender-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_run_that_the_server_refuses_does_not_hold_up_the_others()
    {
        using var shelf = new JournalShelf(folder, TimeProvider.System);
        foreach (var runId in new[] { "r-refused", "r-good" })
        {
            shelf.TryBegin(SampleOrder.Of(runId), out var journal);
            journal.Append(new CycleStarted(1));
            journal.Append(new RunEnded(Verdict.Pass, EndReason.Completed, ""));
        }
        using var sender = new EventSender(shelf, NullLogger.Instance);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var stored = new List<RunEvent>();

        var sending = sender.SendAsync(
            (batch, _) =>
            {
                if (batch.RunId == "r-refused")
                    throw new HubException("a newer lease holds the place");
                stored.AddRange(batch.Events);
                stop.Cancel();
                return Task.FromResult(Task.FromResult(batch.Events[^1].Number));
            },
            1,
            [],
            stop.Token);

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stored.Select(runEvent => (runEvent.RunId, runEvent.Number)), Is.EqualTo(new[] { ("r-good", 1L), ("r-good", 2L) }));
        Assert.That(shelf.Positions().Select(position => position.RunId), Does.Contain("r-refused"), "a refused run stays on disk");
    }

    [Test]
    public void Sending_goes_on_where_the_servers_acknowledgement_ends()
    {
        using var shelf = new JournalShelf(folder, TimeProvider.System);
        shelf.TryBegin(SampleOrder.Of("r"), out var journal);
        for (var cycle = 1; cycle <= 250; cycle++)
            journal.Append(new CycleStarted(cycle));
        using var sender = new EventSender(shelf, NullLogger.Instance);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var firsts = new List<long>();

        var sending = sender.SendAsync(
            (batch, _) =>
            {
                firsts.Add(batch.Events[0].Number);
                // The server took only 70 of each batch.
                var acknowledged = Math.Min(250, batch.Events[0].Number + 69);
                if (acknowledged == 250)
                    stop.Cancel();
                return Task.FromResult(Task.FromResult(acknowledged));
            },
            1,
            [new RunPosition("r", 10)],
            stop.Token);

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(firsts, Is.EqualTo(new[] { 11L, 81L, 151L, 221L }));
    }

    [Test]
    public void Batches_are_sent_without_waiting_for_each_other_and_sent_again_behind_one_that_was_not_taken_whole()
    {
        const int Full = EventSender.MaxBatchEvents;
        const int Half = Full / 2;
        using var shelf = new JournalShelf(folder, TimeProvider.System);
        shelf.TryBegin(SampleOrder.Of("r"), out var journal);
        for (var cycle = 1; cycle <= 9 * Half; cycle++)
            journal.Append(new CycleStarted(cycle));
        using var sender = new EventSender(shelf, NullLogger.Instance);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var firsts = new List<long>();
        var answers = new List<TaskCompletionSource<long>>();

        var sending = sender.SendAsync(
            (batch, _) =>
            {
                firsts.Add(batch.Events[0].Number);
                answers.Add(new TaskCompletionSource<long>());
                if (answers.Count == 3)
                {
                    Assert.That(answers.TrueForAll(answer => !answer.Task.IsCompleted), "three are under way");
                    // The second is taken in part: the third, which is then of no use, is answered and sent again.
                    answers[0].SetResult(Full);
                    answers[1].SetResult(Full + Half);
                    answers[2].SetResult(Full + Half);
                }
                if (answers.Count > 4)
                    answers[^1].SetResult(batch.Events[^1].Number);
                if (answers.Count == 4)
                    answers[3].SetResult(Full + Half);
                if (batch.Events[^1].Number == 9 * Half)
                    stop.Cancel();
                return Task.FromResult(answers[^1].Task);
            },
            3,
            [],
            stop.Token);

        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(firsts, Is.EqualTo(new long[] { 1, Full + 1, (2 * Full) + 1, (3 * Full) + 1, Full + Half + 1, (2 * Full) + Half + 1, (3 * Full) + Half + 1 }));
    }
}
