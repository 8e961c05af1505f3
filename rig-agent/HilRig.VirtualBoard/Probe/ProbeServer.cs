using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using HilRig.VirtualBoard.Faults;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Probe;

/// <summary>A debug probe on a TCP port of this machine, for <c>pyocd … -u remote:127.0.0.1:PORT -t cortex_m</c> (facts: pyocd §2).</summary>
public sealed class ProbeServer(IDebugTarget target, string name, ProbeFaults faults) : IDisposable
{
    private readonly SharedProbe probe = new(target, name, faults);
    private readonly ConcurrentDictionary<Task, bool> clients = [];
    private Socket? listener;

    public ProbeServer(IDebugTarget target, string name)
        : this(target, name, ProbeFaults.None)
    {
    }

    /// <summary>The port that was bound, also when 0 was asked for.</summary>
    public int Port => (listener?.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    public ProbeLoad Load { get; } = new();

    /// <summary>Binds the port; clients may connect from now on and are served by <see cref="RunAsync(CancellationToken)"/>.</summary>
    /// <param name="port">0 takes any.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start(int port)
    {
        listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
    }

    /// <summary><see cref="Start"/> and serve until cancelled.</summary>
    /// <exception cref="SocketException">The port is taken; thrown before anything is awaited.</exception>
    public Task RunAsync(int port, CancellationToken cancellationToken)
    {
        Start(port);
        return RunAsync(cancellationToken);
    }

    /// <summary>Serves clients until cancelled; each of them gets the answer that it waits for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (listener is null) throw new InvalidOperationException("the probe server has no port; call Start first");
        try
        {
            while (true) Serve(await listener.AcceptAsync(cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            listener.Dispose();
            await Task.WhenAll(clients.Keys);
        }
    }

    public void Dispose()
    {
        listener?.Dispose();
        probe.Dispose();
    }

    private void Serve(Socket socket, CancellationToken cancellationToken)
    {
        socket.NoDelay = true;
        var serving = Task.Factory.StartNew(() => ServeClient(socket, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        clients[serving] = true;
        _ = serving.ContinueWith(done => clients.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void ServeClient(Socket socket, CancellationToken cancellationToken)
    {
        using var client = new ProbeClient(socket, probe, Load);
        client.Serve(cancellationToken);
    }
}
