using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace HilRig.VirtualBoard.Probe;

/// <summary>One TCP client: a request line in, a response line out, one at a time, on a thread of its own.</summary>
/// <remarks>Blocking calls, because a debugger makes thousands of small requests and the thread pool would spin between them.</remarks>
internal sealed class ProbeClient(Socket socket, SharedProbe probe, ProbeLoad load) : IDisposable
{
    private readonly ProbeSession session = new(probe);
    private readonly ProbeResponse response = new();

    /// <summary>Serves until the client hangs up or the board goes down. A client that waits for an answer gets one before its socket closes.</summary>
    public void Serve(CancellationToken cancellationToken)
    {
        using var _ = cancellationToken.Register(() => socket.Shutdown(SocketShutdown.Receive));
        try
        {
            var lines = new ProbeLines(socket);
            while (lines.Read() is { } line)
            {
                load.Begin();
                var began = Stopwatch.GetTimestamp();
                var answer = Answer(line, cancellationToken);
                load.End(Stopwatch.GetElapsedTime(began));
                socket.Send(answer.Span);
            }
        }
        catch (ProbeSilenceException)
        {
            Ignore();
        }
        catch (SocketException)
        {
            // The client was killed: nothing is owed to it.
        }
        finally
        {
            session.End();
        }
    }

    public void Dispose()
    {
        response.Dispose();
        socket.Dispose();
    }

    /// <summary>Leaves the client waiting until it gives up; when the board goes down first, its socket closes, as any probe's would.</summary>
    private void Ignore()
    {
        Span<byte> unheard = stackalloc byte[256];
        while (socket.Receive(unheard) > 0)
        {
        }
    }

    private ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        long id = -1;
        try
        {
            using var json = JsonDocument.Parse(line);
            var request = ProbeRequest.Parse(json.RootElement);
            id = request.Id;
            return response.Success(id, session.Answer(request, cancellationToken));
        }
        catch (ProbeRefusalException refusal)
        {
            return response.Refusal(id, refusal);
        }
        catch (JsonException)
        {
            return response.Refusal(id, new ProbeRefusalException(ProbeStatus.Error, "invalid request format"));
        }
        catch (OperationCanceledException)
        {
            // pyOCD loops for ever on a socket that closes while it waits.
            return response.Refusal(id, new ProbeRefusalException(ProbeStatus.ProbeDisconnected, "the virtual board is going down"));
        }
        catch (Exception unexpected) when (unexpected is not ProbeSilenceException)
        {
            // As pyOCD's own server does: better a client that shows a defect of the board than one that hangs.
            return response.Refusal(id, new ProbeRefusalException(ProbeStatus.Error, $"defect in the virtual board: {unexpected.GetType().Name}: {unexpected.Message}"));
        }
    }
}
