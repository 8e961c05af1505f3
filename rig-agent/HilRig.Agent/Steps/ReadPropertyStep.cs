using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Kboot;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Reads a property of the bootloader and notes its first word as a measurement; with <paramref name="Value"/> it passes only if it is that.</summary>
public sealed record ReadPropertyStep(PropertyTag Property, uint Index = 0, uint? Value = null) : IStep
{
    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var name = KebabCase.From(Property.ToString());
        var word = (await bench.Bootloader.GetPropertyAsync(Property, Index, cancellationToken))[0];
        bench.Measure(name, word);
        if (Value is { } expected && word != expected)
            throw new DutFailureException(new Failure("get-property", "mismatch", "", $"{name} is 0x{word:X}, expected 0x{expected:X}"));
    }
}
