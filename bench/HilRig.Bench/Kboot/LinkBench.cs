using System.CommandLine;
using System.Diagnostics;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.Kboot;

namespace HilRig.Bench.Kboot;

/// <summary>
/// <c>bench link</c>: packets a second of a write-memory against a bare write and read of as many bytes. Both far ends
/// answer at once and check nothing, so the difference is the client's.
/// </summary>
internal static class LinkBench
{
    private const int Packets = 8192;
    private const int FewPackets = 64;
    private const int Baud = 460_800;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Turns each contender gets; the median of the turns' ratios counts", DefaultValueFactory = _ => 15 };
        var command = new Command("link", "Packets a second against a bare read/write loop on a pseudo-terminal") { rounds };
        command.SetAction((result, token) => RunAsync(result.GetValue(rounds), result.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task RunAsync(int rounds, TextWriter output, CancellationToken cancellationToken)
    {
        using var barePeer = new BarePeer();
        using var bareLink = SerialLinks.Open(barePeer.Device, Baud, SerialDriver.Termios);
        using var peer = new ScriptedPeer();
        await using var client = new BootloaderClient(SerialLinks.Open(peer.Device, Baud, SerialDriver.Termios), new BootloaderTimeouts(), TimeProvider.System);
        var (many, few) = (new byte[Packets * Packet.MaxPayload], new byte[FewPackets * Packet.MaxPayload]);

        var turns = new List<(double Bare, double Client, double Cpu)>();
        for (var round = 0; round <= rounds; round++)
        {
            var bare = await MeasureAsync(() => Task.Factory.StartNew(() => Bare(bareLink), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            var write = await MeasureAsync(() => client.WriteMemoryAsync(0, many, cancellationToken));
            // The first turn only warms up.
            if (round > 0)
                turns.Add((bare.Seconds, write.Seconds, write.Cpu));
        }
        var allocatedByMany = await AllocatedAsync(() => client.WriteMemoryAsync(0, many, cancellationToken));
        var allocatedByFew = await AllocatedAsync(() => client.WriteMemoryAsync(0, few, cancellationToken));

        output.WriteLine($"bare write and read   {Packets / Median(turns.Select(turn => turn.Bare)),9:0} packets/s");
        output.WriteLine($"write-memory          {Packets / Median(turns.Select(turn => turn.Client)),9:0} packets/s   {Median(turns.Select(turn => turn.Cpu)) / Packets * 1e6:0.0} us CPU a packet, both ends");
        output.WriteLine($"write-memory / bare   {Median(turns.Select(turn => turn.Bare / turn.Client)),9:0.00}   (target 0.80)");
        output.WriteLine($"allocated             {(double)(allocatedByMany - allocatedByFew) / (Packets - FewPackets),9:0.00} bytes a packet   (target 0)");
        output.WriteLine($"irregularities        {client.Counters.Irregularities,9}");
    }

    /// <summary>The same bytes without a protocol: 38 out, 2 in.</summary>
    private static void Bare(ISerialLink link)
    {
        Span<byte> frame = stackalloc byte[Packet.MaxFrame];
        Span<byte> answer = stackalloc byte[64];
        PacketWriter.WriteFramed(frame, PacketType.Data, new byte[Packet.MaxPayload]);
        for (var packet = 0; packet < Packets; packet++)
        {
            link.Write(frame);
            for (var got = 0; got < 2;)
                got += link.Read(answer, TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<(double Seconds, double Cpu)> MeasureAsync(Func<Task> work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await work();
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private static async Task<long> AllocatedAsync(Func<Task> work)
    {
        await work();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await work();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
