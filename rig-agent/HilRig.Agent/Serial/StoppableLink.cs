namespace HilRig.Agent.Serial;

/// <summary>A link that can be stopped at a byte.</summary>
public sealed class StoppableLink(ISerialLink inner) : ISerialLink
{
    private volatile CutPoint? point;

    public string Name => inner.Name;

    public int Baud => inner.Baud;

    public SerialLineErrors? LineErrors => inner.LineErrors;

    /// <summary>Where to stop next, counted from now; null is nowhere.</summary>
    public void StopAt(CutPoint? next) => point = next;

    public int Read(Span<byte> buffer, TimeSpan timeout) => inner.Read(buffer, timeout);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        var stop = point;
        if (stop?.Find(bytes) is not { } before)
        {
            inner.Write(bytes);
            return;
        }
        inner.Write(bytes[..before]);
        stop.Hold();
        if (before < bytes.Length)
            inner.Write(bytes[before..]);
    }

    public void DiscardInput() => inner.DiscardInput();

    public void Close() => inner.Close();

    public void Dispose() => inner.Dispose();
}
