using System.Text.Json;
using HilRig.Model;

namespace HilRig.Agent.Bootloader;

/// <summary>A link trace as files; docs/kboot.md has both layouts.</summary>
public static class TraceExport
{
    /// <summary>A pcapng file when the name ends so, else JSON lines.</summary>
    public static void WriteFile(LinkTrace trace, string path)
    {
        try
        {
            using var file = File.Create(path);
            if (path.EndsWith(".pcapng", StringComparison.OrdinalIgnoreCase))
                PcapngTrace.Write(trace, file);
            else
                WriteJsonLines(trace, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: the trace cannot be written ({error.Message}); give a path in a writable folder");
        }
    }

    /// <summary>One object a packet, oldest first.</summary>
    public static void WriteJsonLines(LinkTrace trace, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        foreach (var packet in trace.Snapshot())
        {
            WriteObject(json, trace.OpenedAt, packet);
            json.Flush();
            output.WriteByte((byte)'\n');
            json.Reset();
        }
    }

    private static void WriteObject(Utf8JsonWriter json, DateTimeOffset opened, TracedPacket packet)
    {
        json.WriteStartObject();
        json.WriteNumber("number", packet.Number);
        json.WriteString("time", opened + packet.At);
        json.WriteNumber("seconds", packet.At.TotalSeconds);
        json.WriteNumber("gap", packet.Gap.TotalSeconds);
        json.WriteString("from", packet.Direction == LinkDirection.HostToDevice ? "host" : "device");
        json.WriteString("kind", packet.Kind.ToString());
        if (packet.Resend > 0)
            json.WriteNumber("resend", packet.Resend);
        json.WriteNumber("length", packet.Length);
        json.WriteString("bytes", Convert.ToHexString(packet.Bytes));
        json.WriteString("text", packet.Describe());
        json.WriteEndObject();
    }
}
