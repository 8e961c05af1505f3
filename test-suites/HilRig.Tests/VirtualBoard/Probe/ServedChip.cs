using HilRig.VirtualBoard.Faults;
using HilRig.VirtualBoard.Probe;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>A bare chip with a probe on a free port.</summary>
internal sealed class ServedChip : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public ServedChip()
        : this(ProbeFaults.None)
    {
    }

    public ServedChip(ProbeFaults faults)
    {
        Server = new ProbeServer(Chip, "bare-chip", faults);
        serving = Server.RunAsync(0, stop.Token);
    }

    public BareChip Chip { get; } = new();

    public ProbeServer Server { get; }

    public int Port => Server.Port;

    /// <summary>Returns when the server has taken up its <paramref name="number"/>th request.</summary>
    public async Task RequestSeenAsync(long number)
    {
        while (Server.Load.Requests < number) await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        Server.Dispose();
        stop.Dispose();
    }
}
