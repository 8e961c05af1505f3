using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>Packets in the manual's words.</summary>
public static class PacketText
{
    public static string Describe(Packet packet) => packet.Type switch
    {
        PacketType.Ack => "ACK",
        PacketType.Nak => "NAK",
        PacketType.AckAbort => "ACK_ABORT",
        PacketType.Ping => "ping",
        PacketType.PingResponse => DescribePing(PingResponse.Parse(packet.Payload)),
        PacketType.Data => packet.Payload.IsEmpty ? "data, 0 bytes (abort)" : $"data, {packet.Payload.Length} bytes",
        _ => CommandPacket.TryParse(packet.Payload, out var command) ? Describe(command) : $"command packet of {packet.Payload.Length} bytes",
    };

    /// <summary>For example <c>generic-response 10203 kStatusMemoryCumulativeWrite for write-memory</c>.</summary>
    public static string Describe(in CommandPacket command)
    {
        if (command.Tag == CommandTag.GenericResponse)
            return $"generic-response {command[0]} {((StatusCode)command[0]).ToManualName()} for {((CommandTag)command[1]).ToManualName()}";
        var words = new string[command.ParameterCount];
        for (var index = 0; index < words.Length; index++)
            words[index] = $"0x{command[index]:X}";
        return $"{command.Tag.ToManualName()} flags={command.Flags} [{string.Join(", ", words)}]";
    }

    private static string DescribePing(PingResponse response) => $"ping response {response.Protocol} options 0x{response.Options:X4}";
}
