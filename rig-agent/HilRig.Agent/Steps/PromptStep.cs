using HilRig.Agent.Places;
using HilRig.Agent.Running;

namespace HilRig.Agent.Steps;

/// <summary>Asks the person at the terminal to do something, and waits for Enter.</summary>
public sealed record PromptStep(string Text, BesideFile? Picture = null, TimeSpan? Within = null) : IStep
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(5);

    public TimeSpan Lasts => Within ?? UsualPatience;

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        if (!bench.Operator.IsThere)
            throw new SequenceStepException("prompt", $"nobody sits at a terminal to be asked `{Text}`; run the sequence there by `./rig agent run`, or leave the step out");
        try
        {
            await bench.Operator.AskAsync(Picture is null ? Text : $"{Text} (see {Picture.Path})", Lasts, bench.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new SequenceStepException("prompt", $"nobody answered `{Text}` within {Lasts.TotalSeconds:0.###} s");
        }
    }
}
