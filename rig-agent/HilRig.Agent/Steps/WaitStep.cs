using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>Does nothing for a while.</summary>
public sealed record WaitStep(TimeSpan For) : IStep
{
    public TimeSpan Lasts => For;

    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => Task.Delay(For, bench.Time, cancellationToken);
}
