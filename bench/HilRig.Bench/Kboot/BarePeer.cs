using HilRig.Kboot;
using HilRig.VirtualBoard;

namespace HilRig.Bench.Kboot;

/// <summary>
/// The far end of a pseudo-terminal that parses nothing: whatever comes, it answers an ACK. What remains is the cost of
/// the terminal and of waking up. It counts bytes to know when a frame is complete, as any peer must.
/// </summary>
internal sealed class BarePeer : IDisposable
{
    private readonly Pty pty = new();
    private readonly Thread thread;
    private volatile bool isEnding;

    public BarePeer()
    {
        thread = new Thread(Answer) { IsBackground = true, Name = "bare peer" };
        thread.Start();
    }

    public string Device => pty.Path;

    public void Dispose()
    {
        isEnding = true;
        pty.Wake();
        thread.Join();
        pty.Dispose();
    }

    private void Answer()
    {
        Span<byte> incoming = stackalloc byte[4096];
        ReadOnlySpan<byte> ack = [Packet.StartByte, (byte)PacketType.Ack];
        while (!isEnding)
        {
            var count = pty.Read(incoming);
            if (count > 0)
                pty.Write(ack);
            else
                pty.Wait(Timeout.InfiniteTimeSpan);
        }
    }
}
