using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>Takes up a run from the journal that a dead agent left: what is asked now must be what was begun then.</summary>
public static class Resumption
{
    /// <summary>Opens the journal of <paramref name="plan"/>'s run and gives the plan its cycles, its seed and the point at which it goes on.</summary>
    public static RunJournal Open(ref RunPlan plan)
    {
        var journal = OpenJournal(plan.Data.Runs, plan.RunId);
        try
        {
            if (journal.HasEnded)
                throw new BadInputException($"--resume {plan.RunId}: the run has ended; there is nothing to go on with");
            var from = ResumePoint.Of(journal.ReadAfter(0, int.MaxValue));
            if (from.Started is { } before)
            {
                Require(plan, "sequence", before.SequenceDigest, Digest.OfText(plan.Sequence.Text));
                Require(plan, "image", before.ImageDigest, plan.Images.Digest);
                Require(plan, "place", before.Place, plan.Place.Name);
                plan = plan with { Cycles = before.Cycles, Seed = before.Seed, Release = before.Release };
            }
            plan = plan with { From = from };
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static RunJournal OpenJournal(string folder, string runId)
    {
        if (!RunJournal.List(folder).Contains(runId))
            throw new BadInputException($"--resume {runId}: {folder} has no journal of it; it has {string.Join(", ", RunJournal.List(folder).TakeLast(5))}");
        try
        {
            return RunJournal.Open(folder, runId, TimeProvider.System);
        }
        catch (IOException exception)
        {
            throw new BadInputException($"--resume {runId}: another agent has the run in progress ({exception.Message})");
        }
    }

    private static void Require(RunPlan plan, string what, string before, string now)
    {
        if (before != now)
            throw new BadInputException($"--resume {plan.RunId}: it began with another {what} ({Short(before)}, now {Short(now)}); name the same, or begin a new run");
    }

    private static string Short(string text) => text.Length == 64 ? text[..8] : text.Length == 0 ? "none" : text;
}
