using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace HilRig.Agent.Hub;

/// <summary>Connects a SignalR client over a plain WebSocket, without a negotiate request.</summary>
public sealed class WebSocketConnectionFactory : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var address = new UriBuilder(((UriEndPoint)endpoint).Uri);
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        var socket = new ClientWebSocket { Options = { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(10) } };
        try
        {
            await socket.ConnectAsync(address.Uri, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new WebSocketConnection(socket);
    }
}
