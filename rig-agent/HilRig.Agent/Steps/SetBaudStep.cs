using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>The line's rate from the next reset on: a bootloader measures it once, at its first ping.</summary>
public sealed record SetBaudStep(uint To) : IStep
{
    public string? Refuse(Place place, Image? image) => To is 0 or > int.MaxValue ? "`to` is a rate in bits a second, such as 115200" : null;

    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.Manner = bench.Manner with { Baud = (int)To };
        return Task.CompletedTask;
    }
}
