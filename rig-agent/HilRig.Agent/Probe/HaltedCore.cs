namespace HilRig.Agent.Probe;

/// <summary>A core that stands still. Disposing of it lets the core go on, also where the pyOCD process was lost in between.</summary>
public sealed class HaltedCore : IAsyncDisposable
{
    private readonly PyOcdProbe probe;

    internal HaltedCore(PyOcdProbe probe) => this.probe = probe;

    public PyOcdProbe Probe => probe;

    /// <summary>Reads core registers by pyOCD's names: <c>r0</c> … <c>r12</c>, <c>sp</c>, <c>lr</c>, <c>pc</c>, <c>xpsr</c>, <c>primask</c>.</summary>
    public Task<IReadOnlyDictionary<string, uint>> ReadRegistersAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        probe.ReadingAsync(async pyOcd =>
            (await pyOcd.RunAsync("reg " + string.Join(' ', names), probe.Settings.Timeouts.Command, cancellationToken)).Registers(names), cancellationToken);

    public Task WriteRegistersAsync(IReadOnlyDictionary<string, uint> values, CancellationToken cancellationToken) =>
        probe.OnceAsync(async pyOcd =>
        {
            var line = string.Join(';', values.Select(pair => $"wreg {pair.Key} 0x{pair.Value:x8}"));
            (await pyOcd.RunAsync(line, probe.Settings.Timeouts.Command, cancellationToken)).ExpectNothing();
        }, cancellationToken);

    /// <summary>Lets the core run code that ends in a breakpoint; it may have ended already when this returns.</summary>
    internal Task GoAsync(CancellationToken cancellationToken) =>
        probe.OnceAsync(async pyOcd => (await pyOcd.RunAsync("go", probe.Settings.Timeouts.Command, cancellationToken)).Expect(PyOcdProbe.AfterGo), cancellationToken);

    internal Task StopAsync(CancellationToken cancellationToken) => probe.OnceAsync(pyOcd => PyOcdProbe.StopAsync(pyOcd, probe.Settings.Timeouts, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => probe.ReleaseAsync();
}
