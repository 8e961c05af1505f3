using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>A fault that strikes one packet of one direction.</summary>
public sealed record LineFault(string Name, bool StrikesHost, bool KillsHost, Action<BoardLink, int> Install)
{
    /// <summary>Afterwards the board may run its application.</summary>
    public bool StartsApplication { get; init; }

    /// <summary>How long the fault itself goes on.</summary>
    public TimeSpan Lasts { get; init; }

    public override string ToString() => Name;
}

/// <summary>F11 to F22 of the fault table (facts: kboot §10).</summary>
public static class LineFaults
{
    private static readonly Piece[] Nothing = [];

    public static IEnumerable<LineFault> All()
    {
        yield return OnHost("F11 reset", (link, packet) =>
        {
            link.Board.Chip.Reset(ResetCause.Watchdog);
            return Piece.Of(packet);
        });
        yield return OnHost("F11 power cycle, packet lost", (link, _) =>
        {
            link.Board.Supply.Switch(false);
            link.Board.Supply.Switch(true);
            return Nothing;
        });
        yield return OnHost("F12 reset, 6 s pass", (link, packet) =>
        {
            link.Board.Chip.Reset(ResetCause.Pin);
            return [new Piece(TimeSpan.FromSeconds(6), packet)];
        }) with { StartsApplication = true };
        yield return OnHost("F13 reset, noise before the packet", (link, packet) =>
        {
            link.Board.Chip.Reset(ResetCause.Pin);
            return Piece.Of([0x00, 0xF7, .. packet]);
        });
        yield return FromThenOnHost("F14 host dies", killsHost: true, (_, _) => Nothing);
        yield return OnHost("F15 packet to the device lost", (_, _) => Nothing);
        yield return OnDevice("F16 packet to the host lost", _ => Nothing);
        for (var position = 0; position < 3; position++)
        {
            var at = position;
            yield return OnHost($"F17 bit error to the device, {Place(at)}", (_, packet) => Piece.Of(Flip(packet, at)));
            yield return OnDevice($"F18 bit error to the host, {Place(at)}", packet => Piece.Of(Flip(packet, at)));
            yield return OnHost($"F19 byte to the device lost, {Place(at)}", (_, packet) => Piece.Of(Without(packet, at)));
            yield return OnDevice($"F19 byte to the host lost, {Place(at)}", packet => Piece.Of(Without(packet, at)));
        }
        yield return OnHost("F20 30 ms after 5A to the device", (_, packet) => Torn(packet));
        yield return OnDevice("F20 30 ms after 5A to the host", Torn);
        yield return FromThenOnDevice("F21 NAK for ever", _ => Piece.Of([Packet.StartByte, (byte)PacketType.Nak]));
        yield return OnDevice("F22 answer 12 s late", packet => [new Piece(TimeSpan.FromSeconds(12), packet)]) with { Lasts = TimeSpan.FromSeconds(12) };
    }

    public static IEnumerable<LineFault> Doubled()
    {
        yield return OnHost("packet to the device doubled", (_, packet) => Twice(packet));
        yield return OnDevice("packet to the host doubled", Twice);
    }

    private static string Place(int position) => position switch
    {
        0 => "first byte",
        1 => "second byte",
        _ => "last byte",
    };

    private static LineFault OnHost(string name, Func<BoardLink, byte[], IEnumerable<Piece>> strike) => new(name, StrikesHost: true, KillsHost: false, (link, index) =>
        link.ToDevice = (number, packet) => number == index ? strike(link, packet) : Piece.Of(packet));

    private static LineFault FromThenOnHost(string name, bool killsHost, Func<BoardLink, byte[], IEnumerable<Piece>> strike) => new(name, StrikesHost: true, killsHost, (link, index) =>
        link.ToDevice = (number, packet) => number >= index ? strike(link, packet) : Piece.Of(packet));

    private static LineFault OnDevice(string name, Func<byte[], IEnumerable<Piece>> strike) => new(name, StrikesHost: false, KillsHost: false, (link, index) =>
        link.ToHost = (number, packet) => number == index ? strike(packet) : Piece.Of(packet));

    private static LineFault FromThenOnDevice(string name, Func<byte[], IEnumerable<Piece>> strike) => new(name, StrikesHost: false, KillsHost: false, (link, index) =>
        link.ToHost = (number, packet) => number >= index ? strike(packet) : Piece.Of(packet));

    private static int Index(byte[] packet, int position) => position < 2 ? position : packet.Length - 1;

    /// <summary>Bit 1: the one that turns an ACK into an ACK_ABORT.</summary>
    private static byte[] Flip(byte[] packet, int position)
    {
        packet[Index(packet, position)] ^= 0x02;
        return packet;
    }

    private static byte[] Without(byte[] packet, int position) => [.. packet.Where((_, index) => index != Index(packet, position))];

    /// <summary>The second copy follows when the first has passed the line at 57,600 baud.</summary>
    private static IEnumerable<Piece> Twice(byte[] packet) => [new(TimeSpan.Zero, packet), new(TimeSpan.FromMilliseconds(7), packet)];

    private static IEnumerable<Piece> Torn(byte[] packet) => [new(TimeSpan.Zero, packet[..1]), new(TimeSpan.FromMilliseconds(30), packet[1..])];
}
