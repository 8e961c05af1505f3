using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;

namespace HilRig.Bench.Board;

/// <summary>
/// <c>bench board</c>: many virtual boards in one process, unpaced, each in an update loop; what they do together against
/// what one does alone, and the memory each takes. Hosts and boards share the machine: the figures are those of both ends.
/// </summary>
internal static class BoardBench
{
    private const uint Address = 0x1000_A000;
    private const int ImageSize = 6144;
    private const int Baud = 57600;

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Boards in the process", DefaultValueFactory = _ => 100 };
        var seconds = new Option<double>("--seconds") { Description = "How long each measurement takes", DefaultValueFactory = _ => 20 };
        var command = new Command("board", "Packets a second and memory of many virtual boards against one") { count, seconds };
        command.SetAction((result, token) =>
            RunAsync(result.GetValue(count), TimeSpan.FromSeconds(result.GetValue(seconds)), result.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task RunAsync(int count, TimeSpan duration, TextWriter output, CancellationToken cancellationToken)
    {
        output.WriteLine($"{Environment.ProcessorCount} processors; updates of {ImageSize} bytes, flash times divided by 1000, {duration.TotalSeconds:0} s each");
        var one = await MeasureAsync(1, duration, cancellationToken);
        output.WriteLine($"  1 board   {one.Packets,9:0} packets/s   {one.Updates,7:0.0} updates/s   {one.Memory / 1048576,6:0.0} MB");
        var many = await MeasureAsync(count, duration, cancellationToken);
        output.WriteLine($"{count,3} boards  {many.Packets,9:0} packets/s   {many.Updates,7:0.0} updates/s   {many.Memory / count / 1048576,6:0.0} MB a board (target 20)   {many.Irregularities} irregularities");
        output.WriteLine($"{count} boards together / one   {many.Packets / one.Packets:0.00}");
    }

    private static async Task<Figures> MeasureAsync(int count, TimeSpan duration, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-bench-board-");
        var link = Path.Combine(folder.FullName, "tty");
        using var boards = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "hilrig-board.dll"), "--serial", link, "--probe-port", "0", "--power-port", "0", "--speed", "1000", "--count", $"{count}"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            await boards.StandardOutput.ReadLineAsync(cancellationToken);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var started = Stopwatch.GetTimestamp();
            end.CancelAfter(duration);
            var hosts = await Task.WhenAll(Enumerable.Range(1, count).Select(number => UpdateAsync($"{link}-{number:D3}", end.Token)));
            var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
            cancellationToken.ThrowIfCancellationRequested();
            return new Figures(hosts.Sum(host => host.Packets) / elapsed, hosts.Sum(host => host.Updates) / elapsed, ResidentBytes(boards), hosts.Sum(host => host.Irregularities));
        }
        finally
        {
            boards.Kill();
            await boards.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One host's loop until it is told to stop.</summary>
    private static async Task<(long Packets, int Updates, long Irregularities)> UpdateAsync(string device, CancellationToken cancellationToken)
    {
        var image = new byte[ImageSize];
        new Random(1).NextBytes(image);
        // A hundred hosts on two cores may keep each other waiting; what they wait for must not count as the board's silence.
        var patient = new BootloaderTimeouts { Ping = TimeSpan.FromSeconds(30), Command = TimeSpan.FromSeconds(30), Data = TimeSpan.FromSeconds(30) };
        await using var client = new BootloaderClient(SerialLinks.Open(device, Baud, SerialDriver.Termios), patient, TimeProvider.System);
        var updates = 0;
        try
        {
            for (; ; updates++)
            {
                await client.FlashEraseRegionAsync(Address, 0x2000, cancellationToken);
                await client.WriteMemoryAsync(Address, image, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
        return (client.Counters.PacketsSent + client.Counters.PacketsReceived, updates, client.Counters.Irregularities);
    }

    private static double ResidentBytes(Process process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <param name="Packets">A second, both directions.</param>
    /// <param name="Updates">A second.</param>
    /// <param name="Memory">Resident bytes of the boards' process after the loop.</param>
    private sealed record Figures(double Packets, double Updates, double Memory, long Irregularities);
}
