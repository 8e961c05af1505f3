using HilRig.Agent.Serial;
using HilRig.Tests.Kboot;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>
/// A link behind which a recording plays: it insists on the host's recorded bytes and answers with the device's, in
/// pieces of a chosen size. Waiting costs manual time only.
/// </summary>
internal sealed class RecordedDevice(IEnumerable<TranscriptLine> lines, ManualTime time, Func<int, int> pieceSize) : ISerialLink
{
    private readonly List<TranscriptLine> script = [.. lines];
    private readonly Queue<byte> toHost = new();
    private int next;
    private int reads;

    public string Name => "recording";

    public int Baud => 57_600;

    public SerialLineErrors? LineErrors => null;

    /// <summary>What the host sent where the recording has something else, or nothing.</summary>
    public List<string> Deviations { get; } = [];

    public bool IsFinished => next == script.Count && toHost.Count == 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (next < script.Count && script[next].Sender == Sender.Host && bytes.SequenceEqual(script[next].Bytes))
            next++;
        else
            Deviations.Add($"line {next}: sent {Convert.ToHexString(bytes)}, recorded {(next < script.Count ? Convert.ToHexString(script[next].Bytes) : "nothing")}");
        Play();
    }

    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        Play();
        if (toHost.Count == 0)
        {
            time.Advance(timeout);
            return 0;
        }
        var count = Math.Min(Math.Min(buffer.Length, toHost.Count), Math.Max(1, pieceSize(reads++)));
        for (var index = 0; index < count; index++)
            buffer[index] = toHost.Dequeue();
        return count;
    }

    public void DiscardInput() => toHost.Clear();

    public void Close()
    {
    }

    public void Dispose()
    {
    }

    private void Play()
    {
        for (; next < script.Count && script[next].Sender == Sender.Device; next++)
        {
            foreach (var value in script[next].Bytes)
                toHost.Enqueue(value);
        }
    }
}
