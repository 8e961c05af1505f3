using FsCheck;
using FsCheck.Fluent;
using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Kboot;

/// <summary>What must hold for any bytes; a failure prints the seed that repeats it.</summary>
public class PacketProperties
{
    [Test]
    public void Any_payload_survives_writing_and_reading() => Prop.ForAll<byte[], bool>((payload, isData) =>
    {
        payload = payload[..Math.Min(payload.Length, Packet.MaxPayload)];
        var type = isData ? PacketType.Data : PacketType.Command;
        var frame = new byte[Packet.MaxFrame];
        var size = PacketWriter.WriteFramed(frame, type, payload);
        return PacketReader.Read(frame.AsSpan(0, size), out var packet, out var consumed) == ReadOutcome.Packet
            && consumed == size && packet.Type == type && packet.Payload.SequenceEqual(payload);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_command_survives_writing_and_parsing() => Prop.ForAll<byte, byte, uint[]>((tag, flags, words) =>
    {
        words = words[..Math.Min(words.Length, CommandPacket.MaxParameters)];
        var payload = new byte[Packet.MaxPayload];
        var size = new CommandPacket((CommandTag)tag, flags, words).Write(payload);
        return CommandPacket.TryParse(payload.AsSpan(0, size), out var command)
            && command.Tag == (CommandTag)tag && command.Flags == flags && command.ParameterCount == words.Length
            && words.Select((word, index) => command[index] == word).All(same => same);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_version_and_options_survive_a_ping_response() => Prop.ForAll<uint, ushort>((version, options) =>
    {
        var frame = new byte[Packet.PingResponseSize];
        var response = new PingResponse(new VersionWord(version), options);
        return PacketWriter.WritePingResponse(frame, response) == frame.Length
            && PacketReader.Read(frame, out var packet, out _) == ReadOutcome.Packet && PingResponse.Parse(packet.Payload) == response;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_bytes_are_consumed_to_a_rest_shorter_than_a_frame() => Prop.ForAll(Wire(), bytes =>
    {
        ReadOnlySpan<byte> rest = bytes;
        while (true)
        {
            var outcome = PacketReader.Read(rest, out var packet, out var consumed);
            if (outcome == ReadOutcome.Incomplete)
                return consumed == 0 && rest.Length < Packet.MaxFrame;
            if (consumed <= 0 || consumed > rest.Length || packet.Payload.Length > Packet.MaxPayload)
                return false;
            rest = rest[consumed..];
        }
    }).QuickCheckThrowOnFailure();

    [Test]
    public void No_single_bit_error_in_a_frame_passes_for_a_packet_of_its_kind() => Prop.ForAll<byte[], int>((payload, position) =>
    {
        payload = payload[..Math.Min(payload.Length, Packet.MaxPayload)];
        var frame = new byte[Packet.MaxFrame];
        var size = PacketWriter.WriteFramed(frame, PacketType.Data, payload);
        var bit = (int)((uint)position % (uint)(size * 8));
        frame[bit / 8] ^= (byte)(1 << (bit % 8));
        return PacketReader.Read(frame.AsSpan(0, size), out var packet, out _) != ReadOutcome.Packet || packet.Type is not (PacketType.Data or PacketType.Command);
    }).QuickCheckThrowOnFailure();

    /// <summary>Bytes that resemble traffic: start bytes, types and lengths are far more frequent than chance has them.</summary>
    private static Arbitrary<byte[]> Wire()
    {
        var likely = Gen.Elements<byte>(0x5A, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0x00, 0x04, 0x20);
        var any = Gen.Choose(0, 255).Select(value => (byte)value);
        return Gen.ArrayOf(Gen.Frequency((3, likely), (1, any))).ToArbitrary();
    }
}
