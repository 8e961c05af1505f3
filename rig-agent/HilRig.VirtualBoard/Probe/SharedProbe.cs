using HilRig.VirtualBoard.Faults;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Probe;

/// <summary>The one probe that all clients of a board share.</summary>
internal sealed class SharedProbe(IDebugTarget target, string name, ProbeFaults faults) : IDisposable
{
    private readonly SemaphoreSlim exclusive = new(1, 1);
    private readonly Lock gate = new();
    private int connections;
    private bool pullsResetLow;

    public string Name { get; } = name;

    public DebugPort DebugPort { get; } = new(target);

    public ProbeFaults Faults { get; } = faults;

    /// <summary>pyOCD brackets each memory operation by lock and unlock, so that clients do not mix up CSW and TAR.</summary>
    public void Lock(CancellationToken cancellationToken) => exclusive.Wait(cancellationToken);

    public void Unlock() => exclusive.Release();

    public void Connect()
    {
        lock (gate) connections++;
    }

    /// <summary>A probe that nobody uses any more lets its pins float.</summary>
    public void Disconnect()
    {
        bool isLast;
        lock (gate) isLast = --connections == 0;
        if (isLast) DriveReset(low: false);
    }

    public bool IsResetLow
    {
        get
        {
            lock (target.Gate) return target.IsHeldInReset;
        }
    }

    public void DriveReset(bool low)
    {
        lock (target.Gate)
        {
            if (low == pullsResetLow) return;
            pullsResetLow = low;
            target.DrivePinReset(low);
        }
    }

    public void PulseReset()
    {
        lock (target.Gate)
        {
            DriveReset(low: true);
            DriveReset(low: false);
        }
    }

    public void Dispose() => exclusive.Dispose();
}
