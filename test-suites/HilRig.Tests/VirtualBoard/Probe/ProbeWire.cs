using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>A client that speaks the remote probe protocol by hand, for what pyOCD never sends.</summary>
internal sealed class ProbeWire : IDisposable
{
    public const uint Csw = 0x00, Tar = 0x04, Drw = 0x0C;

    private readonly TcpClient tcp = new();
    private readonly StreamReader reader;
    private readonly StreamWriter writer;
    private int id;

    public ProbeWire(int port)
    {
        tcp.Connect(IPAddress.Loopback, port);
        reader = new StreamReader(tcp.GetStream());
        writer = new StreamWriter(tcp.GetStream()) { AutoFlush = true };
    }

    /// <summary>Sends a line as it is and returns the answer.</summary>
    public async Task<JsonElement> SendLineAsync(string line)
    {
        await writer.WriteAsync(line + "\n");
        return JsonDocument.Parse(await reader.ReadLineAsync() ?? throw new IOException("the server hung up")).RootElement;
    }

    public async Task<JsonElement> AskAsync(string request, params object[] arguments)
    {
        var answer = await SendLineAsync(JsonSerializer.Serialize(new { id, request, arguments }));
        return answer.GetProperty("id").GetInt32() == id++ ? answer : throw new IOException($"answer to another request: {answer}");
    }

    /// <summary>Like <see cref="AskAsync"/>, but only the status.</summary>
    public async Task<int> StatusOfAsync(string request, params object[] arguments) => (await AskAsync(request, arguments)).GetProperty("status").GetInt32();

    public async Task<uint> ReadAsync(string request, uint address)
    {
        var answer = await AskAsync(request, address);
        return answer.TryGetProperty("result", out var result) ? result.GetUInt32() : throw new IOException(answer.ToString());
    }

    public async Task WriteAsync(string request, uint address, uint value)
    {
        var answer = await AskAsync(request, address, value);
        if (answer.GetProperty("status").GetInt32() != 0) throw new IOException(answer.ToString());
    }

    /// <summary>Powers the debug domain up, as every debugger does first.</summary>
    public async Task<ProbeWire> PowerUpAsync()
    {
        await AskAsync("connect", "DEFAULT");
        await WriteAsync("write_dp", 4, 0x50000F00);
        return this;
    }

    /// <summary>Sets CSW (0x03 = uncached, 0x0B = cached; size; single increment) and TAR.</summary>
    public async Task PointAsync(uint address, uint size = 2, uint protection = 0x03)
    {
        await WriteAsync("write_ap", Csw, protection << 24 | 0x10 | size);
        await WriteAsync("write_ap", Tar, address);
    }

    public async Task<uint> PeekAsync(uint address, uint protection = 0x03)
    {
        await PointAsync(address, protection: protection);
        return await ReadAsync("read_ap", Drw);
    }

    public async Task PokeAsync(uint address, uint value)
    {
        await PointAsync(address);
        await WriteAsync("write_ap", Drw, value);
    }

    public void Dispose() => tcp.Dispose();
}
