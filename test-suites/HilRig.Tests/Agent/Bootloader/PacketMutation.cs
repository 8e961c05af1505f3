namespace HilRig.Tests.Agent.Bootloader;

/// <summary>Bends packets at random: bits, bytes, lengths, order, noise, nothing at all.</summary>
public sealed class PacketMutation(Random random, double rate)
{
    /// <summary>How many packets were bent.</summary>
    public long Count { get; private set; }

    public IEnumerable<Piece> Bend(int number, byte[] packet)
    {
        if (random.NextDouble() >= rate)
            return Piece.Of(packet);
        Count++;
        return random.Next(8) switch
        {
            0 => [],
            1 => Piece.Of(Flip(packet)),
            2 => Piece.Of(packet[..random.Next(packet.Length)]),
            3 => Piece.Of(packet[random.Next(packet.Length)..]),
            4 => Piece.Of([.. Noise(random.Next(1, 12)), .. packet]),
            5 => Piece.Of([.. packet, .. Noise(random.Next(1, 12))]),
            6 => Piece.Of(Noise(random.Next(1, 60))),
            _ => [new Piece(TimeSpan.Zero, packet[..1]), new Piece(TimeSpan.FromMilliseconds(random.Next(1, 400)), packet[1..])],
        };
    }

    private byte[] Flip(byte[] packet)
    {
        for (var flips = random.Next(1, 4); flips > 0; flips--)
            packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
        return packet;
    }

    private byte[] Noise(int count)
    {
        var noise = new byte[count];
        random.NextBytes(noise);
        return noise;
    }
}
