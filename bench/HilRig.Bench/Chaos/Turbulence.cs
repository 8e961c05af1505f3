using System.Net;
using System.Net.Sockets;

namespace HilRig.Bench.Chaos;

/// <summary>
/// The network between agents and a server, as a TCP proxy: it delays what it carries, cuts connections in the middle of a message, and can be
/// parted, when nothing gets through until it is whole again.
/// </summary>
public sealed class Turbulence : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<int> serverPort;
    private readonly int seed;
    private readonly Task accepting;
    private volatile TaskCompletionSource whole = Completed();
    private int connections;
    private int cuts;

    /// <param name="serverPort">Asked for each connection: a server may come back elsewhere.</param>
    public Turbulence(Func<int> serverPort, int seed)
    {
        this.serverPort = serverPort;
        this.seed = seed;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public int Cuts => cuts;

    /// <summary>From now on nothing gets through; connections stay open. For one caller at a time.</summary>
    public void Part()
    {
        if (whole.Task.IsCompleted)
            whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Join() => whole.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Join();
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
            _ = CarryAsync(await listener.AcceptTcpClientAsync(stop.Token), new Random(seed + Interlocked.Increment(ref connections)));
    }

    private async Task CarryAsync(TcpClient near, Random random)
    {
        using var far = new TcpClient();
        using (near)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, serverPort(), ended.Token);
                // Cut after so many bytes, which is seldom between two messages.
                await Task.WhenAny(PumpAsync(near, far, random.Next(2_000, 400_000), random.Next(), ended.Token), PumpAsync(far, near, random.Next(500, 40_000), random.Next(), ended.Token));
                Interlocked.Increment(ref cuts);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Nobody answers at the far end, or the test is over.
            }
            await ended.CancelAsync();
            near.Client.LingerState = new LingerOption(true, 0);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, int lifetime, int pumpSeed, CancellationToken cancellationToken)
    {
        var random = new Random(pumpSeed);
        var buffer = new byte[4096];
        try
        {
            while (lifetime > 0 && await from.GetStream().ReadAsync(buffer.AsMemory(0, Math.Min(lifetime, buffer.Length)), cancellationToken) is var count and > 0)
            {
                await whole.Task.WaitAsync(cancellationToken);
                if (random.Next(20) == 0)
                    await Task.Delay(random.Next(30), cancellationToken);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                lifetime -= count;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // One end is gone; the other one is about to be.
        }
    }
}
