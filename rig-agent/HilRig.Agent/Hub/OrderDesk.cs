using System.Collections.Concurrent;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Agent.Steps;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent.Hub;

/// <summary>Takes the server's orders and runs them, one at a time on each place.</summary>
public sealed class OrderDesk(
    string agent,
    IReadOnlyList<Place> places,
    JournalShelf shelf,
    EventSender sender,
    ArtifactStore artifacts,
    StateFolder data,
    TimeProvider time,
    ILogger log) : IAgentClient, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RunControl> running = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();
    private readonly ConcurrentDictionary<string, Task> tasks = new();
    private readonly CancellationTokenSource shutdown = new();

    /// <summary>
    /// Starts the run and returns at once; on a disk that takes no journal, as soon as it does. An order that is known already is ignored: the server
    /// repeats itself after a reconnect.
    /// </summary>
    public Task StartRun(RunOrder order)
    {
        if (!TryStart(order))
            tasks.GetOrAdd(order.RunId, _ => Task.Run(() => StartWhenThereIsRoomAsync(order)));
        return Task.CompletedTask;
    }

    /// <summary>Takes up the runs that an earlier agent died in, where the shelf was told to keep them open.</summary>
    public void ResumeAll()
    {
        foreach (var journal in shelf.All())
        {
            if (journal is { HasEnded: false, Order: { } order })
                Begin(order, journal);
        }
    }

    public Task StopRun(string runId) => SteerRun(runId, RunSteering.StopAfterStep);

    public Task SteerRun(string runId, RunSteering steering)
    {
        if (running.TryGetValue(runId, out var control))
            control.Steer(steering);
        return Task.CompletedTask;
    }

    /// <summary>Stops all runs after the steps they are in and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await shutdown.CancelAsync();
        foreach (var control in running.Values)
            control.Steer(RunSteering.StopNow);
        await Task.WhenAll(tasks.Values);
        shutdown.Dispose();
    }

    /// <summary>False where the disk does not take the journal.</summary>
    private bool TryStart(RunOrder order)
    {
        try
        {
            if (shelf.TryBegin(order, out var journal))
                Begin(order, journal);
            return true;
        }
        catch (JournalException full)
        {
            Log.JournalFull(log, full.Message);
            return false;
        }
    }

    /// <summary>Nobody else would: to the server the order has arrived for as long as this agent is connected.</summary>
    private async Task StartWhenThereIsRoomAsync(RunOrder order)
    {
        // Whoever stops it meanwhile stops it before it began.
        running.GetOrAdd(order.RunId, _ => new RunControl());
        do
            await Task.Delay(Policies.JournalRetryDelay, time, shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!shutdown.IsCancellationRequested && !TryStart(order));
    }

    private void Begin(RunOrder order, RunJournal journal)
    {
        var control = running.GetOrAdd(order.RunId, _ => new RunControl());
        journal.Appended += _ => sender.Wake();
        tasks[order.RunId] = Task.Run(() => ExecuteAsync(order, journal, control));
    }

    private async Task ExecuteAsync(RunOrder order, RunJournal journal, RunControl control)
    {
        var cancellationToken = control.Stopping;
        var turn = turns.GetOrAdd(order.Place, _ => new SemaphoreSlim(1, 1));
        var isMine = false;
        try
        {
            await turn.WaitAsync(cancellationToken);
            isMine = true;
            Log.RunBegins(log, order.RunId, order.Place);
            var plan = await PlanAsync(order, cancellationToken) with { From = ResumePoint.Of(journal.ReadAfter(0, int.MaxValue)), Spares = new SparePlaces(places, TryTake) };
            if (order.Again is { } again)
                plan = plan with { From = plan.From.Started is null ? ResumePoint.Beginning with { NextCycle = again.Cycle } : plan.From, Purpose = RunPurpose.Rerun, RerunOf = again };
            await new HealthCheck(data, agent, time).BeforeRunAsync(plan.Place, control, CancellationToken.None);
            var verdict = await RunOpening.RunAsync(plan, journal, agent, control, time, CancellationToken.None);
            Log.RunEnds(log, order.RunId, verdict);
        }
        catch (Exception exception)
        {
            await EndAsync(order, journal, exception, cancellationToken);
        }
        finally
        {
            if (isMine)
                turn.Release();
            running.TryRemove(order.RunId, out _);
            tasks.TryRemove(order.RunId, out _);
        }
    }

    /// <summary>A place that nobody works on, kept for the caller; orders for it wait meanwhile.</summary>
    private Taken? TryTake(Place place)
    {
        var turn = turns.GetOrAdd(place.Name, _ => new SemaphoreSlim(1, 1));
        return turn.Wait(0, CancellationToken.None) ? new Taken(turn) : null;
    }

    private async Task<RunPlan> PlanAsync(RunOrder order, CancellationToken cancellationToken)
    {
        var sequence = SequenceFile.Parse(order.SequenceName, order.Sequence);
        var place = places.FirstOrDefault(candidate => candidate.Name == order.Place)
            ?? throw new BadInputException($"agent {agent} has no place `{order.Place}`; it has {string.Join(", ", places.Select(candidate => candidate.Name))}");
        var variants = Variants.Of(sequence);
        StepBinder.RefuseFiles(variants);
        return new RunPlan(order.RunId, variants, place, await ImagesAsync(order, variants, place, cancellationToken), order.Cycles ?? variants.Cycles, order.Seed, order.Release, data);
    }

    /// <summary>
    /// The image that came with the order, or those that the sequence has made. A file that the sequence names is on another machine: the order's
    /// takes its place, and goes where the sequence says.
    /// </summary>
    private async Task<RunImages> ImagesAsync(RunOrder order, Variants variants, Place place, CancellationToken cancellationToken)
    {
        if (order.ImageDigest is { } digest)
        {
            var file = await artifacts.FetchAsync(digest, order.ImageName ?? "image.bin", cancellationToken);
            return variants.Sequence.Image is { File: not null } ? RunImages.Load(variants, place.Board, file: file) : RunImages.Of(CheckedImage.Load(file, place.Board));
        }
        return variants.Sequence.Image is { File: null } ? RunImages.Load(variants, place.Board) : RunImages.None;
    }

    /// <summary>Ends the run in words rather than in silence, also when the disk takes no line for a while: the server must not wait for ever.</summary>
    private async Task EndAsync(RunOrder order, RunJournal journal, Exception exception, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Refuse(order, journal, exception, cancellationToken);
                return;
            }
            catch (JournalException full)
            {
                Log.JournalFull(log, full.Message);
                if (shutdown.IsCancellationRequested)
                    return;
            }
            await Task.Delay(Policies.JournalRetryDelay, time, shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Refuse(RunOrder order, RunJournal journal, Exception exception, CancellationToken cancellationToken)
    {
        if (journal.HasEnded)
            return;
        if (journal.LastNumber == 0)
        {
            journal.Append(new RunStarted(order.SequenceName, Digest.OfText(order.Sequence), order.Release ?? "unknown", "", order.Place, "", "unknown", agent,
                order.ImageName ?? "", order.ImageDigest ?? "", order.Cycles ?? 0, order.Seed, Versions.Present));
        }
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            journal.Append(new RunEnded(Verdict.Aborted, EndReason.Aborted, "stopped by request before it began"));
            return;
        }
        var reason = exception switch
        {
            BadInputException => EndReason.Refused,
            JournalException => EndReason.DiskFull,
            _ => EndReason.RigLost,
        };
        journal.Append(new RunEnded(Verdict.Error, reason, exception.Message));
        Log.RunRefused(log, order.RunId, exception.Message);
    }

    private sealed class Taken(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
