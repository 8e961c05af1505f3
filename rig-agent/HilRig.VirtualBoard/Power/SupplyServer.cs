using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HilRig.VirtualBoard.Power;

/// <summary>The supply's TCP port, as a lab's would be: SCPI lines in, answers out, several clients.</summary>
public sealed class SupplyServer(ScpiCommand commands, Action changed)
{
    /// <summary>Listens on 127.0.0.1 until cancelled. Throws <see cref="SocketException"/> at once when the port is taken.</summary>
    public async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        while (!cancellationToken.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(cancellationToken);
            _ = ServeAsync(client, cancellationToken);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    var answer = commands.Execute(line);
                    changed();
                    if (answer is not null)
                        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer + "\n"), cancellationToken);
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The client left, or the board ends: either way there is nobody to answer.
            }
        }
    }
}
