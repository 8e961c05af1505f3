using HilRig.Agent.Places;
using HilRig.Kboot;

namespace HilRig.Agent.Steps;

/// <summary>Sets a property of the bootloader, until its next reset.</summary>
public sealed record SetPropertyStep(PropertyTag Property, uint Value) : IStep
{
    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.Bootloader.SetPropertyAsync(Property, Value, cancellationToken);
}
