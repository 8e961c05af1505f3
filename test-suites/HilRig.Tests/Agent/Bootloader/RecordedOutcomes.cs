using HilRig.Kboot;
using HilRig.Tests.Kboot;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>Reads a recording with the eyes of a bystander: what each command came to.</summary>
internal static class RecordedOutcomes
{
    public static List<string> Of(IReadOnlyList<TranscriptLine> lines)
    {
        var outcomes = new List<string>();
        for (var index = 0; index < lines.Count; index++)
        {
            if (lines[index].Sender != Sender.Host || PacketReader.Read(lines[index].Bytes, out var packet, out _) != ReadOutcome.Packet)
                continue;
            if (packet.Type == PacketType.Ping)
                outcomes.Add("ping ok");
            else if (packet.Type == PacketType.Command && CommandPacket.TryParse(packet.Payload, out var command))
                outcomes.Add(Outcome(command.Tag, Exchange(lines, index)));
        }
        return outcomes;
    }

    private static List<TranscriptLine> Exchange(IReadOnlyList<TranscriptLine> lines, int command) =>
        [.. lines.Skip(command + 1).TakeWhile(line => line.Sender != Sender.Host || line.Bytes[1] is not ((byte)PacketType.Command or (byte)PacketType.Ping))];

    private static string Outcome(CommandTag tag, List<TranscriptLine> exchange)
    {
        uint status = 0;
        var acknowledged = 0;
        var pending = 0;
        var read = new List<byte>();
        foreach (var line in exchange)
        {
            _ = PacketReader.Read(line.Bytes, out var packet, out _);
            if (packet.Type == PacketType.Data && line.Sender == Sender.Host)
                pending = packet.Payload.Length;
            else if (packet.Type == PacketType.Data)
                read.AddRange(packet.Payload);
            else if (packet.Type == PacketType.Ack && line.Sender == Sender.Device)
                (acknowledged, pending) = (acknowledged + pending, 0);
            else if (packet.Type == PacketType.Command && CommandPacket.TryParse(packet.Payload, out var response))
                status = response[0];
        }
        if (status != 0)
            return $"{tag} {status} after {acknowledged + read.Count}";
        return tag == CommandTag.ReadMemory ? $"{tag} ok {Convert.ToHexString([.. read])}" : $"{tag} ok";
    }
}
