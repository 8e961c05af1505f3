using HilRig.Agent.Places;
using HilRig.Kboot;

namespace HilRig.Agent.Steps;

/// <summary>Reads a property of the bootloader and notes its first word as a measurement.</summary>
public sealed record ReadPropertyStep(PropertyTag Property, uint Index = 0) : IStep
{
    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var words = await bench.Bootloader.GetPropertyAsync(Property, Index, cancellationToken);
        bench.Measure(KebabCase.From(Property.ToString()), words[0]);
    }
}
