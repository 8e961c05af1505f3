using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>Asks the bootloader whether it is there; once.</summary>
public sealed record PingStep : IStep
{
    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.Bootloader.PingAsync(cancellationToken);
}
