using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>Resets the board and enters the bootloader again, by the way its place names.</summary>
public sealed record ResetStep(ResetKind By) : IStep
{
    public string? Refuse(Place place, Image? image) =>
        By == ResetKind.Power && place.Power is null ? $"place {place.Name} has no `power:`; use `by: bootloader` or `by: probe`, or add the supply to the place" : null;

    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.ResetAsync(By, cancellationToken);
}
