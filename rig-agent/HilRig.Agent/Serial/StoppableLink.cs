namespace HilRig.Agent.Serial;

/// <summary>A link that can be stopped at a byte, that can pause, and whose rate can change. Its setters may be called from any thread.</summary>
public sealed class StoppableLink(Func<int, ISerialLink> open, int baud) : ISerialLink
{
    private const byte StartByte = 0x5A;

    private ISerialLink inner = open(baud);
    private volatile CutPoint? point;
    private volatile LinePause pause = LinePause.None;
    private volatile int nextBaud = baud;

    public string Name => inner.Name;

    public int Baud => inner.Baud;

    public SerialLineErrors? LineErrors => inner.LineErrors;

    /// <summary>Where to stop next, counted from now; null is nowhere.</summary>
    public void StopAt(CutPoint? next) => point = next;

    /// <summary>How to pause from now on.</summary>
    public void PauseAs(LinePause next) => pause = next;

    /// <summary>The rate that the device is opened with after it was closed.</summary>
    public void RunNextAt(int rate) => nextBaud = rate;

    public int Read(Span<byte> buffer, TimeSpan timeout) => inner.Read(buffer, timeout);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        var stop = point;
        if (stop?.Find(bytes) is not { } before)
        {
            WritePausing(bytes);
            return;
        }
        WritePausing(bytes[..before]);
        stop.Hold();
        if (before < bytes.Length)
            inner.Write(bytes[before..]);
    }

    public void DiscardInput() => inner.DiscardInput();

    /// <exception cref="SerialLinkException">Another rate was asked for, and the device cannot run at it; it goes on at the one it had.</exception>
    public void Close()
    {
        inner.Close();
        if (nextBaud == inner.Baud)
            return;
        var (wanted, before) = (nextBaud, inner);
        nextBaud = before.Baud;
        inner = open(wanted);
        nextBaud = wanted;
        before.Dispose();
    }

    public void Dispose() => inner.Dispose();

    private void WritePausing(ReadOnlySpan<byte> bytes)
    {
        var (between, inside) = pause;
        if (between > TimeSpan.Zero)
            Thread.Sleep(between);
        if (inside > TimeSpan.Zero && bytes is [StartByte, _, ..])
        {
            inner.Write(bytes[..1]);
            Thread.Sleep(inside);
            bytes = bytes[1..];
        }
        inner.Write(bytes);
    }
}
