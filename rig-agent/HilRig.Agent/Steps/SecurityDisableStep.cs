using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>FlashSecurityDisable: opens a secured part by its backdoor key, until its next reset.</summary>
public sealed record SecurityDisableStep(uint KeyLow, uint KeyHigh) : IStep
{
    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.Bootloader.FlashSecurityDisableAsync(KeyLow, KeyHigh, cancellationToken);
}
