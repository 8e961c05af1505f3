using HilRig.Agent.Evidence;
using HilRig.Agent.Places;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>What a step that did not pass comes to: remembers, asks the witnesses, judges, captures the rest. All before any recovery.</summary>
public sealed class Examination(Bench bench, EvidenceStore store)
{
    private readonly EvidenceCapture capture = new(bench, store);

    /// <summary>A stop ends the step, not the proof of what the step ran into; its own deadline does.</summary>
    public async Task<(Judgement Judgement, IReadOnlyList<EvidenceItem> Evidence)> OfAsync(Exception thrown, IStep step, int cycle, int index)
    {
        using var deadline = new CancellationTokenSource(Policies.EvidenceDeadline, bench.Time);
        capture.Remember(cycle);
        using var patience = new CancellationTokenSource(Policies.WitnessDeadline, bench.Time);
        var witnesses = await WitnessReport.AskAsync(bench, thrown, step.Intends(bench), patience.Token);
        var judgement = Judgement.Of(thrown, witnesses);
        return (judgement, await capture.CaptureAsync(index, witnesses, (thrown as DutFailureException)?.Address, deadline.Token));
    }

    /// <summary>Keeps what a step attached to its result, however it ended.</summary>
    public IReadOnlyList<EvidenceItem> Keep(IReadOnlyList<Attachment> attachments, int cycle)
    {
        if (attachments.Count > 0)
            store.Begin(cycle);
        return [.. attachments.Select(attached => store.Keep(new EvidenceItem(attached.Kind, attached.Title, attached.Text, null), attached.Content))];
    }
}
