using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>Execute: jumps for good. The bootloader is gone until the next reset.</summary>
/// <param name="Stack">0 keeps the present stack.</param>
public sealed record ExecuteStep(uint Entry, uint Argument = 0, uint Stack = 0) : IStep
{
    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.Bootloader.ExecuteAsync(Entry, Argument, Stack, cancellationToken);
}
