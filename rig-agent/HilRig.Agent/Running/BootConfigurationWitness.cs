using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;

namespace HilRig.Agent.Running;

/// <summary>Looks whether a silent bootloader was told to be silent.</summary>
public static class BootConfigurationWitness
{
    /// <summary>Words for <see cref="WitnessReport.IsUartLeftOut"/>.</summary>
    public const string Words = "SWD finds in flash the image's own boot configuration, which leaves the UART out: the bootloader does not listen there from its next start on";

    /// <summary>Only where flash holds just what the image has there: a bootloader that spoilt the area is another matter.</summary>
    public static async Task<bool> IsUartLeftOutAsync(Bench bench, CancellationToken cancellationToken)
    {
        var map = bench.Board.Map;
        if (bench.IsSecured || bench.Image is not { } image || BootConfiguration.Of(image, map) is not { } own || !BootConfiguration.LeavesUartOut(own.Span))
            return false;
        var found = await bench.Probe.ReadMemoryAsync(map.BootConfiguration.Start, own.Length, MemoryView.Array, cancellationToken);
        return own.Span.SequenceEqual(found);
    }
}
