using System.Diagnostics;
using HilRig.Agent;

namespace HilRig.Bench.Kboot;

/// <summary>NXP's host tool on a virtual board of its own, where the machine has it. Its figures include the start of a process.</summary>
internal sealed class Blhost : IDisposable
{
    private readonly BenchBoard board = new(baud: 0, BenchBoard.WithoutFlashTimes);
    private readonly string image = Path.GetTempFileName();

    private Blhost(int size) => File.WriteAllBytes(image, new byte[size]);

    /// <summary>CPU time of its processes so far.</summary>
    public TimeSpan Cpu { get; private set; }

    /// <summary>Null where it is not on the PATH.</summary>
    public static Blhost? TryFind(int size) =>
        SearchPath.Find("blhost") is null ? null : new Blhost(size);

    public Task EraseAsync(CancellationToken cancellationToken) => RunAsync(["flash-erase-all"], cancellationToken);

    public Task WriteAsync(CancellationToken cancellationToken) => RunAsync(["write-memory", $"0x{BenchBoard.Address:X}", image], cancellationToken);

    public void Dispose()
    {
        board.Dispose();
        File.Delete(image);
    }

    private async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("blhost", ["-p", $"{board.Device},57600", "--", .. command]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var words = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Cpu += process.TotalProcessorTime;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"blhost {string.Join(' ', command)} ended with {process.ExitCode}:\n{words}");
    }
}
