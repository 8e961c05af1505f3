using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Agent.Hub;

/// <summary>What becomes of a run that was under way when its agent died.</summary>
public enum AfterCrash
{
    /// <summary>It ends as <see cref="EndReason.AgentLost"/>, with everything that was on disk kept.</summary>
    End,

    /// <summary>It goes on at its next cycle.</summary>
    Resume,
}

/// <summary>All journals that the server does not hold completely yet.</summary>
public sealed class JournalShelf : IDisposable
{
    private readonly string folder;
    private readonly TimeProvider time;
    private readonly Dictionary<string, RunJournal> runs = [];
    private readonly Lock gate = new();

    /// <summary>
    /// Takes up what an earlier agent left in <paramref name="folder"/>. A run that had not ended died with that agent:
    /// it ends now, or stays open for <see cref="OrderDesk.ResumeAll"/>.
    /// </summary>
    public JournalShelf(string folder, TimeProvider time, AfterCrash afterCrash = AfterCrash.End)
    {
        this.folder = folder;
        this.time = time;
        foreach (var runId in RunJournal.List(folder))
        {
            if (TryOpen(runId) is not { } journal)
                continue;
            var goesOn = afterCrash == AfterCrash.Resume && journal.Order is not null;
            if (journal.LastNumber == 0 && !goesOn)
            {
                journal.Delete();
                continue;
            }
            if (!journal.HasEnded && !goesOn)
                journal.Append(new RunEnded(Verdict.Error, EndReason.AgentLost, "the agent died during the run and was started again"));
            runs[runId] = journal;
        }
    }

    /// <summary>Begins a journal for an order; false where the run is known already, which then goes on under the order's epoch.</summary>
    public bool TryBegin(RunOrder order, out RunJournal journal)
    {
        var runId = order.RunId;
        lock (gate)
        {
            if (runs.TryGetValue(runId, out var known))
            {
                journal = known;
                // Its lease ran out before the server had heard of it, and the place was given to it once more.
                if (known.Order?.Place == order.Place)
                    known.Renew(order.Epoch);
                return false;
            }
            journal = RunJournal.Create(folder, runId, time, order.Epoch, order);
            runs[runId] = journal;
            return true;
        }
    }

    /// <summary>Every run with its last number on disk.</summary>
    public IReadOnlyList<RunPosition> Positions()
    {
        lock (gate)
            return [.. runs.Values.Select(journal => new RunPosition(journal.RunId, journal.LastNumber))];
    }

    public IReadOnlyList<RunJournal> All()
    {
        lock (gate)
            return [.. runs.Values];
    }

    /// <summary>The server holds the run to its end: the journal has done its work.</summary>
    public void Retire(string runId)
    {
        lock (gate)
        {
            if (runs.Remove(runId, out var journal))
                journal.Delete();
        }
    }

    public void Dispose()
    {
        foreach (var journal in runs.Values)
            journal.Dispose();
    }

    /// <summary>Null for a run that goes on in another process, <c>agent run</c> on the same folder: it has not died, and it is not ours to end.</summary>
    private RunJournal? TryOpen(string runId)
    {
        try
        {
            return RunJournal.Open(folder, runId, time);
        }
        catch (IOException)
        {
            return null;
        }
        catch (System.Text.Json.JsonException exception)
        {
            throw new RigException("journal", $"{folder}: the journal of run {runId} is whole but not of a form that agent {Versions.Agent} knows ({exception.Message}); run the version that wrote it, or move the file away");
        }
    }
}
