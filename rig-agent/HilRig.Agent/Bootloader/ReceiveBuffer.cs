namespace HilRig.Agent.Bootloader;

/// <summary>Bytes received and not yet consumed; of fixed size, because a device never has more than a few packets in flight.</summary>
internal sealed class ReceiveBuffer
{
    private readonly byte[] bytes = new byte[1024];
    private int start;
    private int end;

    public ReadOnlySpan<byte> Pending => bytes.AsSpan(start, end - start);

    /// <summary>Room for the next read. Moves what is pending to the front, so a span of <see cref="Pending"/> ends here.</summary>
    public Span<byte> Free
    {
        get
        {
            if (start > 0)
            {
                Pending.CopyTo(bytes);
                end -= start;
                start = 0;
            }
            return bytes.AsSpan(end);
        }
    }

    public void Append(int count) => end += count;

    public void Drop(int count) => start += count;
}
