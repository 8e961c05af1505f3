using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.VirtualBoard;

namespace HilRig.Bench.Kboot;

/// <summary>A virtual board with its doors open, in this process.</summary>
/// <param name="baud">Pace of its line; 0 is unpaced.</param>
/// <param name="speed">Divides flash times.</param>
internal sealed class BenchBoard(int baud, double speed) : IDisposable
{
    public const uint Address = 0x1000_A000;

    /// <summary>A speed at which flash operations take no time: what remains is the work of board and host.</summary>
    public const double WithoutFlashTimes = 1e9;

    private static int count;

    private readonly RunningBoard board = new(
        new BoardOptions { Name = "bench", Baud = baud, Speed = speed },
        new BoardDoors(Path.Combine(Path.GetTempPath(), $"hilrig-bench-{Environment.ProcessId}-{Interlocked.Increment(ref count)}"), 0, 0),
        new BoardImages(null, false, null, null),
        log: null);

    public string Device => board.Doors.Serial;

    public BootloaderClient Connect(int rate) => new(SerialLinks.Open(Device, rate, SerialDriver.Automatic), new BootloaderTimeouts(), TimeProvider.System);

    public void Dispose() => board.Dispose();
}
