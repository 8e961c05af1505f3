namespace HilRig.Agent.Serial;

/// <summary>What a <see cref="CutPoint"/> counts.</summary>
public enum CutUnit
{
    /// <summary>Bytes handed to the line, frames and all.</summary>
    Bytes,

    /// <summary>Data packets of KBOOT.</summary>
    Packet,
}

/// <summary>A place in what is sent on a link: whoever sends is held there, with exactly so much sent and no byte more, until <see cref="Release"/>.</summary>
public sealed class CutPoint(CutUnit unit, long count)
{
    private const byte StartByte = 0x5A, DataPacket = 0xA5;

    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new();
    private long sent;

    /// <summary>Ends when the point is reached.</summary>
    public Task Reached => reached.Task;

    public void Release() => released.TrySetResult();

    /// <summary>How many of these bytes still go out when the point lies in them; null when it does not.</summary>
    internal int? Find(ReadOnlySpan<byte> bytes)
    {
        var left = count - sent;
        if (left <= 0)
            return null;
        var isDataPacket = bytes is [StartByte, DataPacket, ..];
        sent += unit == CutUnit.Bytes ? bytes.Length : isDataPacket ? 1 : 0;
        return sent < count ? null : unit == CutUnit.Bytes ? (int)left : bytes.Length;
    }

    internal void Hold()
    {
        reached.SetResult();
        released.Task.Wait();
    }
}
