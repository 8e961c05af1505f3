using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HilRig.VirtualBoard.Power;

/// <summary>The supply's TCP port, as a lab's would be: SCPI lines in, answers out, several clients.</summary>
public sealed class SupplyServer(ScpiCommand commands, Action changed) : IDisposable
{
    private TcpListener? listener;

    /// <summary>The port that was bound, also when 0 was asked for.</summary>
    public int Port => (listener?.LocalEndpoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Binds 127.0.0.1; throws <see cref="SocketException"/> when the port is taken.</summary>
    public void Start(int port)
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (listener is null) throw new InvalidOperationException("the supply has no port; call Start first");
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            listener.Dispose();
        }
    }

    public void Dispose() => listener?.Dispose();

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
