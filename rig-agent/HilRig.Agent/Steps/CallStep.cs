using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Call: runs a function and notes what it returns, which the bootloader sends in place of a status.</summary>
/// <param name="Returns">What it must return; null where anything will do.</param>
public sealed record CallStep(uint Entry, uint Argument = 0, uint? Returns = null) : IStep
{
    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var result = await bench.Bootloader.CallAsync(Entry, Argument, cancellationToken);
        bench.Measure("result", result);
        if (Returns is { } wanted && result != wanted)
            throw new DutFailureException(new Failure("call", "mismatch", "", $"0x{Entry:X8} returned 0x{result:X8}, expected 0x{wanted:X8}"));
    }
}
