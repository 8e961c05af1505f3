using System.Text.Json;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>
/// Captures what the board and the line look like at a failure, before any recovery. Order matters: first what is only remembered
/// (trace), then what SWD reads, last what makes the bootloader speak, because that moves program counter, flash controller
/// and cache. What cannot be had says why; capturing never throws.
/// </summary>
public static class EvidenceCapture
{
    private const int TracePackets = 60;

    private static readonly string[] CoreRegisters = ["pc", "sp", "lr", "xpsr"];

    public static async Task<IReadOnlyList<EvidenceItem>> CaptureAsync(Bench bench, WitnessReport witnesses, CancellationToken cancellationToken)
    {
        var items = new List<EvidenceItem>
        {
            new(EvidenceKinds.LinkTrace, "last packets on the line", string.Join('\n', bench.Bootloader.Trace.ToLines().TakeLast(TracePackets)), null),
            new("witnesses", "what the witnesses say", witnesses.InWords, null),
        };
        items.Add(await TakeAsync(EvidenceKinds.Registers, "registers over SWD", () => ReadRegistersAsync(bench, cancellationToken)));
        if (bench.Touched is { } range)
        {
            items.Add(await TakeAsync(EvidenceKinds.Views, $"flash {range} as array, core and bootloader see it",
                async () => JsonSerializer.Serialize(await ThreeViews.CompareAsync(bench, range, cancellationToken), RunJson.Options)));
        }
        return items;
    }

    private static async Task<EvidenceItem> TakeAsync(string kind, string title, Func<Task<string>> take)
    {
        try
        {
            return new EvidenceItem(kind, title, await take(), null);
        }
        catch (OperationCanceledException)
        {
            return new EvidenceItem(kind, title, "", $"not to be had within the {Policies.EvidenceDeadline.TotalSeconds:0} s that evidence may take");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new EvidenceItem(kind, title, "", exception.Message);
        }
    }

    private static async Task<string> ReadRegistersAsync(Bench bench, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var (name, address) in bench.Board.Registers)
            lines.Add($"{name,-12} 0x{await bench.Probe.ReadWordAsync(address, cancellationToken):X8}");
        foreach (var (name, value) in await bench.Probe.ReadCoreRegistersAsync(CoreRegisters, cancellationToken))
            lines.Add($"{name,-12} 0x{value:X8}");
        return string.Join('\n', lines);
    }
}
