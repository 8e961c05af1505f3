using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HilRig.Bench.Corpus;

/// <summary>What becomes of a supply in the middle of a run.</summary>
internal enum SupplyAilment
{
    Unreachable,
    Silent,
    Nonsense,
    ReadsZero,
}

/// <summary>Stands between agent and supply; well for so many connections, then ill.</summary>
internal sealed class SupplyRelay(SupplyAilment ailment, int healthy)
{
    private int connections;

    /// <summary>Opens before the supply at <paramref name="address"/>; answers its own address. Lives as long as the process.</summary>
    public string Before(string address)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = ServeAsync(listener, IPEndPoint.Parse(address));
        return $"{listener.LocalEndpoint}";
    }

    private async Task ServeAsync(TcpListener listener, IPEndPoint supply)
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync();
            var isIll = ++connections > healthy;
            if (isIll && ailment == SupplyAilment.Unreachable)
            {
                client.Dispose();
                listener.Stop();
                return;
            }
            _ = CarryAsync(client, supply, isIll);
        }
    }

    private async Task CarryAsync(TcpClient client, IPEndPoint supply, bool isIll)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(supply);
            var asked = CopyAsync(near.GetStream(), far.GetStream(), text => text);
            var answered = CopyAsync(far.GetStream(), near.GetStream(), text => isIll ? Spoil(text) : text);
            await Task.WhenAny(asked, answered);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // Either side went: so does the other.
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<string, string> change)
    {
        var buffer = new byte[1024];
        for (int count; (count = await from.ReadAsync(buffer)) > 0;)
            await to.WriteAsync(Encoding.ASCII.GetBytes(change(Encoding.ASCII.GetString(buffer, 0, count))));
    }

    private string Spoil(string answer) => ailment switch
    {
        SupplyAilment.Silent => "",
        SupplyAilment.Nonsense => "?!\n",
        _ => answer.Contains('.', StringComparison.Ordinal) ? "0.000\n" : answer,
    };
}
