using System.Net.Sockets;

namespace HilRig.VirtualBoard.Probe;

/// <summary>Cuts what arrives on a socket into lines.</summary>
internal sealed class ProbeLines(Socket socket)
{
    /// <summary>Bytes; pyOCD's longest request, a block write of 256 words, has 3 KB.</summary>
    private const int LongestLine = 1 << 20;

    private byte[] buffer = new byte[4096];
    private int start;
    private int end;

    /// <returns>The next line without its end, valid until the next call; null when the client has gone.</returns>
    public ReadOnlyMemory<byte>? Read()
    {
        var searched = start;
        while (true)
        {
            var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer.AsMemory(start, searched + at - start);
                start = searched + at + 1;
                return line;
            }

            searched = MakeRoom();
            if (end - start >= LongestLine) return null;
            var count = socket.Receive(buffer.AsSpan(end));
            if (count == 0) return null;
            end += count;
        }
    }

    /// <summary>Moves the unfinished line to the front; returns where to search on.</summary>
    private int MakeRoom()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        return end;
    }
}
