using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace HilRig.Agent.Hub;

/// <summary>A WebSocket as the byte pipe that SignalR talks through: one pump for each direction.</summary>
public sealed class WebSocketConnection : ConnectionContext
{
    private const int ReceiveBytes = 16 * 1024;
    private const int SendBytes = 64 * 1024;

    private readonly WebSocket socket;
    private readonly Pipe incoming = new();

    /// <summary>A batch of events is some 40 KB: it leaves in one message rather than in ten.</summary>
    private readonly Pipe outgoing = new(new PipeOptions(minimumSegmentSize: SendBytes));
    private readonly CancellationTokenSource closed = new();
    private readonly Task pumps;

    public WebSocketConnection(WebSocket socket)
    {
        this.socket = socket;
        Transport = new DuplexPipe(incoming.Reader, outgoing.Writer);
        ConnectionClosed = closed.Token;
        pumps = Task.WhenAll(ReceiveAsync(), SendAsync());
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        closed.Cancel();
        socket.Abort();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(2)));
        await closed.CancelAsync();
        socket.Dispose();
        await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(incoming.Writer.GetMemory(ReceiveBytes), closed.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                    break;
                incoming.Writer.Advance(result.Count);
                if ((await incoming.Writer.FlushAsync(closed.Token)).IsCompleted)
                    break;
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            error = exception is OperationCanceledException ? null : exception;
        }
        await incoming.Writer.CompleteAsync(error);
    }

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var read = await outgoing.Reader.ReadAsync(closed.Token);
                foreach (var segment in read.Buffer)
                    await socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: true, closed.Token);
                outgoing.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, closed.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            error = exception is OperationCanceledException ? null : exception;
            await incoming.Writer.CompleteAsync(error);
        }
        await outgoing.Reader.CompleteAsync(error);
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
