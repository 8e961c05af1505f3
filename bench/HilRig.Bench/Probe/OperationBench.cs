using System.Diagnostics;
using HilRig.Agent.Probe;

namespace HilRig.Bench.Probe;

/// <summary>
/// As many probe operations as a night makes, in one go: what fails, what is started anew, what grows. The agent's part runs in this
/// process, which has the agent's own settings of the collector and does nothing before; no collection is asked for.
/// </summary>
internal static class OperationBench
{
    private const uint FlashStart = 0x1000_0000, Ram = 0x2000_0400;
    private const double WarmUp = 0.1;

    public static async Task RunAsync(int count, TextWriter output, CancellationToken cancellationToken)
    {
        using var board = new BoardProcess("--dcache", "on");
        await using var probe = new PyOcdProbe(board.Place.Probe);
        await probe.ConnectAsync(cancellationToken);
        var process = probe.ProcessId;
        var failures = new List<string>();
        var (agentBefore, childBefore) = (0L, 0L);
        var began = Stopwatch.GetTimestamp();
        for (var operation = 0; operation < count; operation++)
        {
            if (operation == (int)(count * WarmUp))
                (agentBefore, childBefore) = Sizes(probe);
            try
            {
                await DoAsync(probe, operation, cancellationToken);
            }
            catch (ProbeException exception)
            {
                failures.Add(exception.Message);
            }
        }
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var (agent, child) = Sizes(probe);
        output.WriteLine($"{count} operations in {seconds:0} s: {failures.Count} failures, {probe.Restarts} restarts of pyOCD, {(process == probe.ProcessId ? "one process" : "another process")}");
        output.WriteLine($"resident memory after {WarmUp:0%} and at the end: agent {agentBefore / 1e6:0.0} -> {agent / 1e6:0.0} MB ({(double)agent / agentBefore - 1:+0.0%;-0.0%}), pyOCD {childBefore / 1e6:0.0} -> {child / 1e6:0.0} MB ({(double)child / childBefore - 1:+0.0%;-0.0%}) (target at most +10 %)");
        foreach (var failure in failures.Take(5))
            output.WriteLine($"  {failure}");
    }

    private static Task DoAsync(PyOcdProbe probe, int operation, CancellationToken cancellationToken) => (operation % 8) switch
    {
        0 => probe.ReadMemoryAsync(FlashStart, 6144, MemoryView.Array, cancellationToken),
        1 => probe.ReadMemoryAsync(FlashStart, 6144, MemoryView.Core, cancellationToken),
        2 => probe.ReadCoreRegistersAsync(["pc", "sp", "lr", "xpsr"], cancellationToken),
        3 => probe.WriteMemoryAsync(Ram, new byte[256], MemoryView.Array, cancellationToken),
        4 => probe.ReadMdmStatusAsync(cancellationToken),
        _ => probe.ReadWordAsync(FlashStart, cancellationToken),
    };

    private static (long Agent, long Child) Sizes(PyOcdProbe probe)
    {
        using var agent = Process.GetCurrentProcess();
        using var child = Process.GetProcessById(probe.ProcessId!.Value);
        return (agent.WorkingSet64, child.WorkingSet64);
    }
}
