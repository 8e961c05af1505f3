using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

public class PacketCostTests
{
    private const int Packets = 4000;

    [Test]
    public async Task A_data_packet_allocates_nothing_and_is_one_write()
    {
        var time = new ManualTime();
        using var link = new YesLink(Packets, time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        await client.PingAsync(default);
        await client.WriteMemoryAsync(0, new byte[Packets * Packet.MaxPayload], default);
        Assert.That(link.AllocatedAt[Packets - 1] - link.AllocatedAt[Packets / 2], Is.Zero);
        Assert.That(client.Counters.Irregularities, Is.Zero);
    }

    /// <summary>Says yes to a ping and one write, from answers prepared before, and notes what its caller's thread has allocated.</summary>
    private sealed class YesLink(int packets, ManualTime time) : ISerialLink
    {
        private readonly byte[] pingResponse = Frame(frame => PacketWriter.WritePingResponse(frame, new PingResponse(new VersionWord(0x5001_0200), 0)));
        private readonly byte[] ack = [Packet.StartByte, (byte)PacketType.Ack];
        private readonly byte[] ackAndResponse =
            [Packet.StartByte, (byte)PacketType.Ack, .. Frame(frame => WriteResponse(frame))];

        private byte[] answer = [];
        private int data;

        public long[] AllocatedAt { get; } = new long[packets];

        public string Name => "yes";

        public int Baud => 10_000_000;

        public SerialLineErrors? LineErrors => null;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            var type = (PacketType)bytes[1];
            if (type == PacketType.Data)
            {
                if (bytes.Length != Packet.MaxFrame)
                    throw new InvalidOperationException($"a frame came in pieces: {bytes.Length} bytes");
                AllocatedAt[data++] = GC.GetAllocatedBytesForCurrentThread();
            }
            answer = type switch
            {
                PacketType.Ping => pingResponse,
                PacketType.Command => ackAndResponse,
                PacketType.Data => data == AllocatedAt.Length ? ackAndResponse : ack,
                _ => [],
            };
        }

        public int Read(Span<byte> buffer, TimeSpan timeout)
        {
            if (answer.Length == 0)
            {
                time.Advance(timeout);
                return 0;
            }
            answer.CopyTo(buffer);
            var count = answer.Length;
            answer = [];
            return count;
        }

        public void DiscardInput() => answer = [];

        public void Close()
        {
        }

        public void Dispose()
        {
        }

        private static byte[] Frame(Func<byte[], int> write)
        {
            var frame = new byte[Packet.MaxFrame];
            return frame[..write(frame)];
        }

        private static int WriteResponse(byte[] frame)
        {
            var payload = new byte[Packet.MaxPayload];
            var size = new CommandPacket(CommandTag.GenericResponse, 0, 0, (uint)CommandTag.WriteMemory).Write(payload);
            return PacketWriter.WriteFramed(frame, PacketType.Command, payload.AsSpan(0, size));
        }
    }
}
