using System.CommandLine;
using System.Diagnostics;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.Bench.Kboot;

/// <summary>
/// <c>bench paced</c>: writing and reading on a virtual board whose line is paced, as a share of what the protocol allows:
/// 40 bytes on the wire for 32 of data, 10 bits each, and the board's own programming time.
/// </summary>
internal static class PacedBench
{
    private const double WireBytesPerPacket = 40;

    public static Command Create()
    {
        var kilobytes = new Option<int>("--kilobytes") { Description = "How much is written and read", DefaultValueFactory = _ => 256 };
        var command = new Command("paced", "Share of the protocol's limit at 57,600 and 115,200 baud") { kilobytes };
        command.SetAction((result, token) => RunAsync(result.GetValue(kilobytes) * 1024, result.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task RunAsync(int size, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var baud in new[] { 57_600, 115_200 })
        {
            using var board = new BenchBoard(baud, speed: 1);
            await using var client = board.Connect(baud);
            await client.PingAsync(cancellationToken);
            await client.FlashEraseAllAsync(cancellationToken);

            var data = new byte[size];
            new Random(1).NextBytes(data);
            var wire = Math.Ceiling(size / 32.0) * WireBytesPerPacket * 10 / baud;
            var program = size / 32 * FlashTiming.ProgramUnit.TotalSeconds;
            var write = await SecondsAsync(() => client.WriteMemoryAsync(BenchBoard.Address, data, cancellationToken));
            output.WriteLine($"write at {baud,7} baud {size / write / 1024,7:0.00} KB/s   {(wire + program) / write,6:0.000} of the limit (target 0.97)");
            byte[] back = [];
            var read = await SecondsAsync(async () => back = await client.ReadMemoryAsync(BenchBoard.Address, size, cancellationToken));
            output.WriteLine($"read  at {baud,7} baud {size / read / 1024,7:0.00} KB/s   {wire / read,6:0.000} of the limit (target 0.97)");
            if (!back.AsSpan().SequenceEqual(data))
                throw new InvalidOperationException("what was read is not what was written");
        }
    }

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
