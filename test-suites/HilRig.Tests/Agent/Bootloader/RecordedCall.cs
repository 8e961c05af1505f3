using HilRig.Agent.Bootloader;
using HilRig.Kboot;
using HilRig.Tests.Kboot;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>Makes the calls that a recorded host made: each recorded command packet becomes one typed call.</summary>
internal static class RecordedCall
{
    /// <summary>Makes all calls of a recording and returns what came of each: <c>GetProperty ok</c>, <c>WriteMemory 10203 after 992</c>.</summary>
    public static async Task<List<string>> ReplayAsync(BootloaderClient client, IReadOnlyList<TranscriptLine> lines)
    {
        var outcomes = new List<string>();
        for (var index = 0; index < lines.Count; index++)
        {
            if (lines[index].Sender == Sender.Host && await TryCallAsync(client, lines, index) is { } outcome)
                outcomes.Add(outcome);
        }
        return outcomes;
    }

    private static Task<string?> TryCallAsync(BootloaderClient client, IReadOnlyList<TranscriptLine> lines, int index)
    {
        if (PacketReader.Read(lines[index].Bytes, out var packet, out _) != ReadOutcome.Packet)
            return Task.FromResult<string?>(null);
        if (packet.Type == PacketType.Ping)
            return CallAsync("ping", client.PingAsync(default));
        if (packet.Type != PacketType.Command || !CommandPacket.TryParse(packet.Payload, out var command))
            return Task.FromResult<string?>(null);
        return CallAsync(command.Tag.ToString(), Call(client, command, command[command.Tag == CommandTag.ReceiveSbFile ? 0 : 1], lines, index));
    }

    private static Task Call(BootloaderClient client, CommandPacket command, uint byteCount, IReadOnlyList<TranscriptLine> lines, int index) => command.Tag switch
    {
        CommandTag.GetProperty => client.GetPropertyAsync((PropertyTag)command[0], command[1], default),
        CommandTag.SetProperty => client.SetPropertyAsync((PropertyTag)command[0], command[1], default),
        CommandTag.FlashEraseRegion => client.FlashEraseRegionAsync(command[0], command[1], default),
        CommandTag.WriteMemory => client.WriteMemoryAsync(command[0], DataAfter(lines, index, (int)byteCount), default),
        CommandTag.ReadMemory => client.ReadMemoryAsync(command[0], (int)byteCount, default),
        CommandTag.ConfigureQuadSpi => client.ConfigureQuadSpiAsync(command[0], command[1], default),
        CommandTag.ReliableUpdate => client.ReliableUpdateAsync(command[0], default),
        CommandTag.Reset => client.ResetAsync(default),
        _ => client.SendAsync(command.Tag, default, default),
    };

    /// <summary>The data of the phase; what the host did not come to send reads FF.</summary>
    private static byte[] DataAfter(IReadOnlyList<TranscriptLine> lines, int command, int byteCount)
    {
        var data = new List<byte>(byteCount);
        for (var index = command + 1; index < lines.Count && data.Count < byteCount; index++)
        {
            if (lines[index].Sender != Sender.Host || PacketReader.Read(lines[index].Bytes, out var packet, out _) != ReadOutcome.Packet)
                continue;
            if (packet.Type == PacketType.Command)
                break;
            data.AddRange(packet.Payload);
        }
        data.AddRange(Enumerable.Repeat((byte)0xFF, byteCount - data.Count));
        return [.. data];
    }

    private static async Task<string?> CallAsync(string name, Task call)
    {
        try
        {
            await call;
            return call is Task<byte[]> read ? $"{name} ok {Convert.ToHexString(read.Result)}" : $"{name} ok";
        }
        catch (BootloaderStatusException refusal)
        {
            return $"{name} {(uint)refusal.Status} after {refusal.BytesTransferred}";
        }
    }
}
