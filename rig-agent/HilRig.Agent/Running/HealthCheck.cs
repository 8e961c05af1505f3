using System.Globalization;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>
/// Lets a place take work only while its board passes a health sequence: before its first run and after every so many.
/// A board that does not pass is marked as <see cref="Wedge"/>: runs are refused in words until <c>agent unwedge</c> proves it.
/// The count of runs since the last check is a file, so that it outlives the agent.
/// </summary>
public sealed class HealthCheck(StateFolder data, string agent, TimeProvider time)
{
    /// <summary>Checks the place where it is due, and counts the run that is about to begin.</summary>
    public async Task BeforeRunAsync(Place place, RunControl control, CancellationToken cancellationToken)
    {
        var markers = new WedgeMarkers(data.Wedged);
        if (place.Health is not { } health || markers.Find(place.Name) is not null)
            return;
        if (RunsSinceCheck(place) is { } runs && runs < health.Every)
        {
            Count(place, runs + 1);
            return;
        }
        if (await CheckAsync(place, health, control, cancellationToken) is { } wedge)
            markers.Mark(wedge);
        else
            Count(place, 1);
    }

    /// <summary>Null where the board passed, or somebody stopped it.</summary>
    private async Task<Wedge?> CheckAsync(Place place, HealthSetup health, RunControl control, CancellationToken cancellationToken)
    {
        var sequence = HealthSetup.Load(health.Sequence, place.Board);
        var plan = new RunPlan(RunPlan.NewRunId(place.Name, time), sequence, place, RunImages.Load(sequence, place.Board), sequence.Cycles, 1, null, data) { Purpose = RunPurpose.ProveBoard };
        using var journal = RunJournal.Create(data.Health, plan.RunId, time);
        var verdict = await RunOpening.RunAsync(plan, journal, agent, control, time, cancellationToken);
        var events = journal.ReadAfter(0, int.MaxValue);
        if (verdict is Verdict.Pass or Verdict.Aborted)
        {
            journal.Delete();
            return null;
        }
        var first = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().FirstOrDefault(step => step.Failure is not null);
        var reason = first is null ? ((RunEnded)events[^1].Body).Message : $"`{first.Step}`: {first.Failure!.Message}";
        return new Wedge(place.Name, plan.RunId, first?.Cycle ?? 0, time.GetUtcNow(), ((RunStarted)events[0].Body).BoardId, $"its health check failed: {reason}");
    }

    private int? RunsSinceCheck(Place place) =>
        File.Exists(PathOf(place)) && int.TryParse(File.ReadAllText(PathOf(place)), NumberStyles.None, CultureInfo.InvariantCulture, out var runs) ? runs : null;

    private void Count(Place place, int runs)
    {
        Directory.CreateDirectory(data.Health);
        File.WriteAllText(PathOf(place), runs.ToString(CultureInfo.InvariantCulture));
    }

    private string PathOf(Place place) => Path.Combine(data.Health, $"{place.Name}.runs");
}
