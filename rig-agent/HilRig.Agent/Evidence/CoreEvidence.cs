using HilRig.Agent.Places;

namespace HilRig.Agent.Evidence;

/// <summary>The chip's registers as SWD reads them, each with its named bits.</summary>
internal static class CoreEvidence
{
    private static readonly string[] CoreRegisters =
        ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc", "xpsr", "msp", "psp"];

    /// <summary>What the board type names: system control, faults, flash controller, reset cause. The core runs on.</summary>
    public static async Task<string> ReadRegistersAsync(Bench bench, CancellationToken cancellationToken)
    {
        var values = await bench.Probe.ReadWordsAsync([.. bench.Board.Registers.Select(register => register.Address)], cancellationToken);
        return string.Join('\n', bench.Board.Registers.Zip(values, (register, value) => register.Describe(value)));
    }

    /// <summary>The core's own; halts it for some milliseconds.</summary>
    public static async Task<string> ReadCoreAsync(Bench bench, CancellationToken cancellationToken) =>
        string.Join('\n', (await bench.Probe.ReadCoreRegistersAsync(CoreRegisters, cancellationToken)).Select(register => $"{register.Key,-12} 0x{register.Value:X8}"));
}
