using System.Net.Sockets;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Power;
using HilRig.VirtualBoard.Probe;

namespace HilRig.VirtualBoard;

/// <summary>Where a board's doors are.</summary>
/// <param name="Serial">Link to its pseudo-terminal.</param>
/// <param name="ProbePort">0 takes any free one; TCP port of pyOCD's remote-probe protocol.</param>
/// <param name="PowerPort">TCP port of the supply.</param>
public sealed record BoardDoors(string Serial, int ProbePort, int PowerPort);

/// <summary>What lies in a board's flash when it starts.</summary>
/// <param name="Bootloader">A release for 0x10000000; null keeps what a former run left, else NXP's.</param>
/// <param name="DataCache">Whether NXP's turns the D-cache on.</param>
/// <param name="Application">For 0x1000A000; null leaves it as it is.</param>
/// <param name="StateFolder">Keeps the flash from one run to the next; null forgets it.</param>
public sealed record BoardImages(byte[]? Bootloader, bool? DataCache, byte[]? Application, string? StateFolder);

/// <summary>A board with its doors open: terminal, probe port, power port. The supply is on.</summary>
public sealed class RunningBoard : IDisposable
{
    private readonly Pty pty = new();
    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> serving = [];
    private readonly List<IDisposable> open = [];

    /// <summary>Opens the doors and switches the supply on. A port in use, a link that cannot be made: nothing is left behind.</summary>
    public RunningBoard(BoardOptions options, BoardDoors doors, BoardImages images, BoardLog? log)
    {
        open.Add(pty);
        try
        {
            var board = new Board(options, TimeProvider.System, log);
            Install(board, options.Name, images);
            var power = new SupplyServer(new ScpiCommand(board.Supply, board.Chip, options.Name), pty.Wake);
            Bind("--power-port", doors.PowerPort, power, power.Start);
            var probe = new ProbeServer(board.Chip, options.Name, board.ProbeFaults);
            Bind("--probe-port", doors.ProbePort, probe, probe.Start);
            open.Add(new SerialLink(doors.Serial, pty.Path));
            Doors = new BoardDoors(doors.Serial, probe.Port, power.Port);
            lock (board.Chip.Gate)
                board.Supply.Switch(true);
            open.Add(new BoardThread(board, pty, options.Name));
            serving.Add(power.RunAsync(ending.Token));
            serving.Add(probe.RunAsync(ending.Token));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>As asked for, with the ports that were bound.</summary>
    public BoardDoors Doors { get; }

    /// <summary>May be called again.</summary>
    public void Dispose()
    {
        if (ending.IsCancellationRequested)
            return;
        ending.Cancel();
        try
        {
            Task.WaitAll([.. serving], TimeSpan.FromSeconds(2));
        }
        catch (AggregateException)
        {
            // The servers end by being stopped; what a client still wanted no longer matters.
        }
        for (var index = open.Count - 1; index >= 0; index--)
            open[index].Dispose();
        open.Clear();
        ending.Dispose();
    }

    /// <summary>A factory's work on a new board; one with a past keeps what is in its flash, but for images named anew.</summary>
    private void Install(Board board, string name, BoardImages images)
    {
        var isNew = true;
        if (images.StateFolder is { } folder)
        {
            open.Add(FlashFile.Open(folder, name, board.Chip.Ftfe, out var existed));
            isNew = !existed;
        }
        if (images.Bootloader is { } release)
            board.Install(release, KvMap.FlashStart);
        else if (isNew)
            board.Install(FirmwareImage.BuildBootloader(Release.Default(images.DataCache ?? false)), KvMap.FlashStart);
        if (images.Application is { } application)
            board.Install(application, KvMap.ApplicationStart);
    }

    private void Bind(string option, int port, IDisposable server, Action<int> start)
    {
        open.Add(server);
        try
        {
            start(port);
        }
        catch (SocketException error)
        {
            throw new RigException($"{option} {port}: 127.0.0.1:{port} cannot be bound ({error.Message}); choose a free port");
        }
    }
}
