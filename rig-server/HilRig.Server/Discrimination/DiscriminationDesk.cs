using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Dispatch;
using HilRig.Server.Storage;

namespace HilRig.Server.Discrimination;

/// <summary>
/// Repeats cycles whose sample nobody could attribute, where the agent could not do so by itself: on the same board, on another, on the reference, wherever in
/// the farm they are. The rule that then moves the sample to a layer, or leaves it and says why, is the agent's own (<see cref="Attribution"/>).
/// </summary>
public sealed class DiscriminationDesk(DiscriminationStore store, IRunStore runs, TimeProvider time, ILogger<DiscriminationDesk> log)
{
    /// <summary>The tag by which a places file says that a board is the reference.</summary>
    private const string ReferenceTag = "reference";

    /// <summary>So many samples of a run are looked into, as the agent does.</summary>
    private const int MaxSamples = 2;

    private const int Repetitions = 2;
    private const int EventsAtOnce = 5000;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>One look at what has ended. Called by the leases' heartbeat.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (order, priority) in await store.ListEndedAsync(cancellationToken))
            await store.AskAsync(order.RunId, await QuestionsOfAsync(order, priority, cancellationToken), now, cancellationToken);
        foreach (var (question, orders) in await store.ListAnswerableAsync(now - Patience, cancellationToken))
            await AnswerAsync(question, orders, cancellationToken);
    }

    private async Task<IReadOnlyList<Question>> QuestionsOfAsync(RunOrder order, int priority, CancellationToken cancellationToken)
    {
        var questions = new List<Question>();
        if (order.Again is not null || await runs.FindRunAsync(order.RunId, cancellationToken) is not { } run || !run.CyclesByVerdict.ContainsKey(Verdict.Inconclusive))
            return questions;
        var places = await store.ListPlacesAsync(cancellationToken);
        await foreach (var sample in runs.ReadSamplesAsync(order.RunId, 0, cancellationToken))
        {
            if (sample.Layer is not Layer.Undetermined)
                continue;
            var known = await FindLocalAsync(order.RunId, sample.Number, cancellationToken);
            if (known is null or { Layer: Layer.Undetermined })
                questions.Add(QuestionOf(order, priority, sample, known?.Reruns.Where(rerun => rerun.Outcome is not RerunOutcome.NotAvailable).ToList() ?? [], places));
            if (questions.Count == MaxSamples)
                break;
        }
        return questions;
    }

    private Question QuestionOf(RunOrder order, int priority, StepSample sample, List<Rerun> known, IReadOnlyList<PlaceInfo> places)
    {
        var here = places.FirstOrDefault(place => place.Name == order.Place);
        var others = places.Where(place => place.Name != order.Place && place.BoardType == here?.BoardType).ToList();
        var arms = new (RerunArm Arm, PlaceInfo? Place)[]
        {
            (RerunArm.SameBoard, here), (RerunArm.OtherBoard, others.Find(place => !place.Tags.Contains(ReferenceTag))), (RerunArm.Reference, others.Find(place => place.Tags.Contains(ReferenceTag))),
        };
        var missing = arms.Where(arm => arm.Place is not null && known.TrueForAll(rerun => rerun.Arm != arm.Arm));
        return new Question(
            order.RunId, sample.Number, sample.Cycle, sample.Step, known,
            [
                .. from arm in missing
                   from _ in Enumerable.Range(0, Repetitions)
                   select (order with
                   {
                       RunId = RunId.New(arm.Place!.Name, time.GetUtcNow()),
                       Epoch = 0,
                       Place = arm.Place.Name,
                       Cycles = sample.Cycle,
                       Again = new RerunOf(order.RunId, sample.Number, sample.Cycle, arm.Arm),
                   }, priority),
            ]);
    }

    private async Task AnswerAsync(OpenQuestion question, IReadOnlyList<RunOrder> orders, CancellationToken cancellationToken)
    {
        if ((await runs.ReadEventsAsync(question.RunId, question.Number - 1, 1, cancellationToken)) is not [{ Body: StepEnded sample }] || await runs.FindRunAsync(question.RunId, cancellationToken) is not { } run)
        {
            await store.AnswerAsync(question, Layer.Undetermined, "its events are no longer kept", question.Known, cancellationToken);
            return;
        }
        var reruns = new List<Rerun>(question.Known);
        foreach (var order in orders)
        {
            var bodies = (await runs.ReadEventsAsync(order.RunId, 0, EventsAtOnce, cancellationToken)).Select(runEvent => runEvent.Body).ToList();
            var isSameRelease = bodies.OfType<RunStarted>().FirstOrDefault()?.ReleaseDigest == run.Started.ReleaseDigest;
            reruns.Add(RerunReading.Of(order.Again!.Arm, order.Place, sample, bodies, isSameRelease));
        }
        var (layer, because) = Attribution.Of(RerunReading.LineErrors(sample), reruns);
        await store.AnswerAsync(question, layer, because, reruns, cancellationToken);
        Log.SampleAttributed(log, question.RunId, question.Number, layer, because);
    }

    /// <summary>What the agent found out by itself, beside the board.</summary>
    private async Task<SampleAttributed?> FindLocalAsync(string runId, long number, CancellationToken cancellationToken)
    {
        var after = number;
        while (await runs.ReadEventsAsync(runId, after, EventsAtOnce, cancellationToken) is { Count: > 0 } events)
        {
            if (events.Select(runEvent => runEvent.Body).OfType<SampleAttributed>().FirstOrDefault(attributed => attributed.Number == number) is { } found)
                return found;
            after = events[^1].Number;
        }
        return null;
    }
}
