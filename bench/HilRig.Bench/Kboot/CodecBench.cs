using System.CommandLine;
using System.Diagnostics;
using HilRig.Kboot;

namespace HilRig.Bench.Kboot;

/// <summary><c>bench codec</c>: bytes checked a second on one core, beside a memory copy and the plainest table CRC.</summary>
internal static class CodecBench
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Turns each contender gets; the best counts", DefaultValueFactory = _ => 7 };
        var command = new Command("codec", "CRC and packet reading against a memory copy and a plain table CRC") { rounds };
        command.SetAction(result => Run(result.GetValue(rounds), result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(int rounds, TextWriter output)
    {
        var frames = Frames();
        var copy = new byte[frames.Length];
        var plain = new PlainCrc();
        var contenders = new (string Name, Action Work)[]
        {
            ("memory copy, a frame a call", () => CopyFrames(frames, copy)),
            ("plain table CRC, a frame a call", () => CheckFrames(frames, plain)),
            ("Crc16, a frame a call", () => CheckFrames(frames)),
            ("PacketReader, whole packets", () => ReadPackets(frames)),
        };
        var best = new double[contenders.Length];
        // Taking turns, so that a noisy neighbour disturbs all alike.
        for (var round = 0; round < rounds; round++)
        {
            for (var index = 0; index < contenders.Length; index++)
                best[index] = Math.Max(best[index], BytesPerSecond(contenders[index].Work, frames.Length));
        }
        for (var index = 0; index < contenders.Length; index++)
            output.WriteLine($"{contenders[index].Name,-34} {best[index] / 1e6,8:0} MB/s   {best[index] / best[1],5:0.00} × plain table   {best[index] / best[0],5:0.000} × copy");
    }

    private static double BytesPerSecond(Action work, int bytes)
    {
        work();
        long done = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Turn)
        {
            work();
            done += bytes;
        }
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>4,096 full data packets.</summary>
    private static byte[] Frames()
    {
        var random = new Random(1);
        var frames = new byte[4096 * Packet.MaxFrame];
        var payload = new byte[Packet.MaxPayload];
        for (var start = 0; start < frames.Length; start += Packet.MaxFrame)
        {
            random.NextBytes(payload);
            PacketWriter.WriteFramed(frames.AsSpan(start), PacketType.Data, payload);
        }
        return frames;
    }

    private static void CopyFrames(byte[] frames, byte[] copy)
    {
        for (var start = 0; start < frames.Length; start += Packet.MaxFrame)
            frames.AsSpan(start, Packet.MaxFrame).CopyTo(copy.AsSpan(start));
    }

    private static void CheckFrames(byte[] frames, PlainCrc plain)
    {
        for (var start = 0; start < frames.Length; start += Packet.MaxFrame)
            Expect(frames, start, plain.Append(plain.Append(0, frames.AsSpan(start, 4)), frames.AsSpan(start + Packet.HeaderSize, Packet.MaxPayload)));
    }

    private static void CheckFrames(byte[] frames)
    {
        for (var start = 0; start < frames.Length; start += Packet.MaxFrame)
            Expect(frames, start, Crc16.Append(Crc16.Append(0, frames.AsSpan(start, 4)), frames.AsSpan(start + Packet.HeaderSize, Packet.MaxPayload)));
    }

    private static void ReadPackets(byte[] frames)
    {
        for (ReadOnlySpan<byte> rest = frames; !rest.IsEmpty;)
        {
            if (PacketReader.Read(rest, out _, out var consumed) != ReadOutcome.Packet)
                throw new InvalidOperationException("a good packet was not read");
            rest = rest[consumed..];
        }
    }

    private static void Expect(byte[] frames, int start, ushort crc)
    {
        if ((frames[start + 4] | (frames[start + 5] << 8)) != crc)
            throw new InvalidOperationException("a good CRC was refused");
    }

    /// <summary>The textbook: one table, one byte a step.</summary>
    private sealed class PlainCrc
    {
        private readonly ushort[] table = new ushort[256];

        public PlainCrc()
        {
            for (var value = 0; value < 256; value++)
            {
                var crc = (ushort)(value << 8);
                for (var bit = 0; bit < 8; bit++)
                    crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
                table[value] = crc;
            }
        }

        public ushort Append(ushort crc, ReadOnlySpan<byte> bytes)
        {
            foreach (var value in bytes)
                crc = (ushort)((crc << 8) ^ table[(crc >> 8) ^ value]);
            return crc;
        }
    }
}
