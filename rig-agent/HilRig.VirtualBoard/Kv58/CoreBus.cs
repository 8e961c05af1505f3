namespace HilRig.VirtualBoard.Kv58;

/// <summary>A bus fault or an instruction outside the stepped subset.</summary>
internal sealed class CoreFaultException : Exception;

/// <summary>The core's own bus accesses.</summary>
internal sealed class CoreBus(IDebugTarget target)
{
    /// <summary>Instructions come past the D-cache.</summary>
    public uint Fetch(uint address) => Read(address, 2, BusView.Array);

    public uint Load(uint address, int size) => Read(address, size, BusView.Core);

    public void Store(uint address, int size, uint value)
    {
        if (address % size != 0 || !target.TryWrite(address, size, value, BusView.Core)) throw new CoreFaultException();
    }

    private uint Read(uint address, int size, BusView view) =>
        address % size == 0 && target.TryRead(address, size, view, out var value) ? value : throw new CoreFaultException();
}
