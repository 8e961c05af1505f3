using HilRig.Model.Runs;
using HilRig.Server.Discrimination;

namespace HilRig.Bench.Chaos;

/// <summary>
/// Whether the accusations of a board are its own word. A healthy board among rig faults never fails; the sick one fails where it logged a status, or where
/// flash and core disagree about what its stale cache holds.
/// </summary>
internal sealed class Blame(ChaosBoard board, Alignment alignment)
{
    private readonly ILookup<object, Commanded> commands = alignment.Pairs.Where(pair => pair.Claim.Step is not null).ToLookup(pair => (object)pair.Claim.Step!, pair => pair.Command, ReferenceEqualityComparer.Instance);

    /// <summary>Accusations of the product that were right.</summary>
    public int Rightly { get; private set; }

    public IEnumerable<string> Wrong(string runId, IReadOnlyList<RunEvent> events)
    {
        foreach (var step in events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step.Verdict != Verdict.Pass))
        {
            var refused = commands[step].FirstOrDefault(command => command.Status is > 0);
            if (step.Layer == Layer.Product && !MayBeAccused(step, refused))
                yield return $"{runId}, cycle {step.Cycle}: {board.Name} is accused in `{step.Step}` ({step.Failure?.Code}), and logged no such thing: {step.Failure?.Message}";
            else if (step.Layer == Layer.Product)
                Rightly++;
            else if (refused is { Status: 10203 } && step.Layer == Layer.Rig)
                yield return $"{runId}, cycle {step.Cycle}: {board.Name} logged status {refused.Status} in `{step.Step}`, and the rig is accused: {step.Failure?.Message}";
        }
        foreach (var attributed in events.Select(runEvent => runEvent.Body).OfType<SampleAttributed>().Where(attributed => attributed.Layer == Layer.Product && !board.IsSick))
            yield return $"{runId}, cycle {attributed.Cycle}: repetitions accuse {board.Name}: {attributed.Because}";
    }

    public IEnumerable<string> Wrong(string runId, IReadOnlyList<Attributed> attributions) =>
        attributions.Where(attributed => attributed.Layer == Layer.Product && !board.IsSick).Select(attributed => $"{runId}, cycle {attributed.Cycle}: repetitions over the farm accuse {board.Name}: {attributed.Because}");

    private bool MayBeAccused(StepEnded step, Commanded? refused) => board.IsSick && (refused is not null || step.Step is "verify" || step.Failure?.CodeName.Contains("10203", StringComparison.Ordinal) == true);
}
