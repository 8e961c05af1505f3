namespace HilRig.VirtualBoard.Faults;

/// <summary>A byte on the wire, and how long the wire is quiet before it.</summary>
/// <param name="Value">Eight bits.</param>
/// <param name="Pause">In ticks of 100 ns.</param>
public readonly record struct LineByte(byte Value, long Pause);

/// <summary>Something wrong with the wire: what went in as one byte comes out as none, one or several.</summary>
public interface ILineFault
{
    /// <summary>The host, or the device, begins another write; its bytes follow.</summary>
    void BeginWrite()
    {
    }

    void Pass(LineByte came, List<LineByte> to);
}
