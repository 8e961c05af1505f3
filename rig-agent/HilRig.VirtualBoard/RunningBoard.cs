using System.Net.Sockets;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Power;

namespace HilRig.VirtualBoard;

/// <summary>Where a board's doors are.</summary>
/// <param name="Serial">Link to its pseudo-terminal.</param>
/// <param name="ProbePort">TCP port of pyOCD's remote-probe protocol.</param>
/// <param name="PowerPort">TCP port of the supply.</param>
public sealed record BoardDoors(string Serial, int ProbePort, int PowerPort);

/// <summary>A board with its doors open: terminal, probe port, power port. The supply is on.</summary>
public sealed class RunningBoard : IDisposable
{
    private readonly Pty pty;
    private readonly SerialLink link;
    private readonly FlashFile? flash;
    private readonly BoardThread thread;
    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> servers = [];

    public RunningBoard(BoardOptions options, BoardDoors doors, byte[] bootloader, byte[]? application, string? stateFolder, BoardLog? log)
    {
        var board = new Board(options, TimeProvider.System, log);
        board.Install(bootloader, KvMap.FlashStart);
        pty = new Pty();
        try
        {
            if (stateFolder is not null)
                flash = FlashFile.Open(stateFolder, options.Name, board.Chip.Ftfe, out _);
            if (application is not null)
                board.Install(application, KvMap.ApplicationStart);
            link = new SerialLink(doors.Serial, pty.Path);
        }
        catch
        {
            flash?.Dispose();
            pty.Dispose();
            throw;
        }
        lock (board.Chip.Gate)
            board.Supply.Switch(true);
        thread = new BoardThread(board, pty, options.Name);
        try
        {
            Listen(doors.PowerPort, "--power-port", new SupplyServer(new ScpiCommand(board.Supply, board.Chip, options.Name), pty.Wake).RunAsync);
            Listen(doors.ProbePort, "--probe-port", NoProbe);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        try
        {
            Task.WaitAll([.. servers], TimeSpan.FromSeconds(2));
        }
        catch (AggregateException)
        {
            // Ending a server is how it ends; what it was doing no longer matters.
        }
        thread.Dispose();
        link.Dispose();
        flash?.Dispose();
        pty.Dispose();
        ending.Dispose();
    }

    private static async Task NoProbe(int port, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
        listener.Start();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private void Listen(int port, string option, Func<int, CancellationToken, Task> run)
    {
        try
        {
            var server = run(port, ending.Token);
            if (server.IsFaulted)
                server.GetAwaiter().GetResult();
            servers.Add(server);
        }
        catch (SocketException error)
        {
            throw new RigException($"{option} {port}: cannot listen on 127.0.0.1:{port} ({error.Message}); choose a free port");
        }
    }
}
