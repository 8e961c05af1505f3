using System.CommandLine;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.Kboot;

namespace HilRig.Bench.Kboot;

/// <summary>
/// <c>bench link</c>: packets a second and CPU a packet of 256 KB, unpaced. The limit is a bare loop: as many bytes out and in,
/// against a peer that answers two fixed bytes. The client runs against a peer that is as quick, which shows the client's own
/// cost, and against the virtual board, beside the same bytes replayed there with no look at the answers, and beside blhost.
/// </summary>
internal static class LinkBench
{
    private const int Packets = 8192;
    private const int FewPackets = 64;
    private const int Size = Packets * Packet.MaxPayload;
    private const int Baud = 460_800;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Turns each contender gets; the median counts", DefaultValueFactory = _ => 15 };
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
        using var board = new BenchBoard(baud: 0, BenchBoard.WithoutFlashTimes);
        await using var onBoard = board.Connect(Baud);
        using var replayBoard = new BenchBoard(baud: 0, BenchBoard.WithoutFlashTimes);
        using var replay = new ReplayedWrite(SerialLinks.Open(replayBoard.Device, Baud, SerialDriver.Termios), BenchBoard.Address, Size);
        var data = new byte[Size];

        List<Contender> contenders =
        [
            new("bare loop, two fixed bytes", () => Contender.OnThread(() => Bare(bareLink))),
            new("write-memory, fixed answers", () => client.WriteMemoryAsync(0, data, cancellationToken)),
            new("same bytes replayed, virtual board", () => Contender.OnThread(replay.Write)) { Prepare = () => Contender.OnThread(replay.Erase) },
            new("write-memory, virtual board", () => onBoard.WriteMemoryAsync(BenchBoard.Address, data, cancellationToken)) { Prepare = () => onBoard.FlashEraseAllAsync(cancellationToken) },
            new("read-memory, virtual board", () => onBoard.ReadMemoryAsync(BenchBoard.Address, Size, cancellationToken)),
        ];
        using var blhost = Blhost.TryFind(Size);
        if (blhost is not null)
            contenders.Add(new("blhost write-memory, virtual board", () => blhost.WriteAsync(cancellationToken)) { Prepare = () => blhost.EraseAsync(cancellationToken), ChildCpu = () => blhost.Cpu });

        await Contender.RaceAsync(contenders, rounds);
        foreach (var contender in contenders)
            output.WriteLine(contender.Describe(Packets, limit: contenders[0]));
        output.WriteLine($"{"write-memory / replay, virtual board",-36} {contenders[3].ShareOf(contenders[2]),5:0.00}");
        if (blhost is null)
            output.WriteLine("blhost is not on the PATH: not compared");
        var perPacket = (double)(await AllocatedAsync(client, Packets, cancellationToken) - await AllocatedAsync(client, FewPackets, cancellationToken)) / (Packets - FewPackets);
        output.WriteLine($"{"allocated by write-memory",-36} {perPacket,5:0.00} bytes a packet (target 0)");
        output.WriteLine($"{"irregularities",-36} {client.Counters.Irregularities + onBoard.Counters.Irregularities,5}");
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

    private static async Task<long> AllocatedAsync(BootloaderClient client, int packets, CancellationToken cancellationToken)
    {
        var data = new byte[packets * Packet.MaxPayload];
        await client.WriteMemoryAsync(0, data, cancellationToken);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await client.WriteMemoryAsync(0, data, cancellationToken);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
