using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace HilRig.Agent.Hub;

/// <summary>Connects a SignalR client over a plain WebSocket, without a negotiate request.</summary>
/// <param name="token">The agent's token, or null at a server that has no accounts.</param>
public sealed class WebSocketConnectionFactory(string? token = null) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var address = new UriBuilder(((UriEndPoint)endpoint).Uri);
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        var socket = new ClientWebSocket { Options = { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(10) } };
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Policies.ConnectDeadline);
        try
        {
            await socket.ConnectAsync(address.Uri, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"{address.Uri} did not answer within {Policies.ConnectDeadline.TotalSeconds:0} s");
        }
        catch (WebSocketException) when (socket.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            socket.Dispose();
            throw new RigException("server", token is null
                ? $"server {address.Uri.Authority} asks for a token; have an admin invite this agent, then run `agent enrol`"
                : $"server {address.Uri.Authority} does not accept this agent's token: it was revoked, or belongs to another server; have an admin invite this agent, then run `agent enrol`");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new WebSocketConnection(socket);
    }
}
