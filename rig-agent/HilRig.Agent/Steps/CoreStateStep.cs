using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Keeps what SWD says of the core: condition, registers, caches, MDM-AP; and may expect the condition.</summary>
public sealed record CoreStateStep(CoreCondition? Expect = null) : IStep
{
    private static readonly string[] Registers = ["r0", "r1", "r2", "r3", "r12", "sp", "lr", "pc", "xpsr", "msp", "psp", "control", "primask"];

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var status = await bench.Probe.ReadCoreStatusAsync(cancellationToken);
        var mdm = await bench.Probe.ReadMdmStatusAsync(cancellationToken);
        var words = await bench.Probe.ReadWordsAsync([.. bench.Board.Registers.Select(register => register.Address)], cancellationToken);
        await using (var core = await bench.Probe.HaltAsync(cancellationToken))
        {
            var lines = new List<string> { $"{"core",-12} {status}", $"{"MDM-AP",-12} {mdm}", $"{"caches",-12} {await CoreCaches.ReadAsync(core, cancellationToken)}" };
            lines.AddRange(bench.Board.Registers.Zip(words, (register, word) => register.Describe(word)));
            lines.AddRange((await core.ReadRegistersAsync(Registers, cancellationToken)).Select(pair => $"{pair.Key,-12} 0x{pair.Value:X8}"));
            bench.Attach(EvidenceKinds.Registers, $"core {status.Condition}", string.Join('\n', lines));
        }
        if (Expect is { } expected && status.Condition != expected)
            throw new DutFailureException(new Failure("core-state", KebabCase.From(status.Condition.ToString()), "", $"SWD sees the core {status}, expected {KebabCase.From(expected.ToString())}"));
    }
}
