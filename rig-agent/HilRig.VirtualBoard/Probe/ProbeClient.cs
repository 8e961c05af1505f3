using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace HilRig.VirtualBoard.Probe;

/// <summary>One TCP client: a request line in, a response line out, one at a time.</summary>
internal sealed class ProbeClient(Socket socket, SharedProbe probe, ProbeLoad load) : IDisposable
{
    private readonly ProbeSession session = new(probe);
    private readonly ProbeResponse response = new();

    /// <summary>Serves until the client hangs up. A client that waits for an answer gets one before its socket closes.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var lines = new ProbeLines(socket);
            while (await lines.ReadAsync(cancellationToken) is { } line)
            {
                var began = Stopwatch.GetTimestamp();
                var answer = await AnswerAsync(line, cancellationToken);
                load.Count(Stopwatch.GetElapsedTime(began));
                await socket.SendAsync(answer, SocketFlags.None, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
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

    private async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        long id = -1;
        try
        {
            using var json = JsonDocument.Parse(line);
            var request = ProbeRequest.Parse(json.RootElement);
            id = request.Id;
            return response.Success(id, await session.AnswerAsync(request, cancellationToken));
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
    }
}
