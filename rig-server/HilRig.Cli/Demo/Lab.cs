using System.Net;
using System.Net.Sockets;
using HilRig.Model;

namespace HilRig.Cli.Demo;

/// <summary>Server, agent and three virtual boards, all as processes of their own.</summary>
public sealed class Lab : IDisposable
{
    /// <summary>Flash times are divided by this; a real board's erase of a sector takes about 15 ms.</summary>
    private const int Speed = 10;

    /// <summary>A line bad enough to be seen and good enough that most updates still pass: chances a byte.</summary>
    private static readonly string[] Noise = ["--fault", "flip:direction=both,p=0.0004", "--fault", "drop:direction=both,p=0.00002"];

    private readonly List<DemoProcess> processes = [];

    public static IReadOnlyList<string> Places { get; } = ["kv58-1", "kv58-2", "kv58-3"];

    public static async Task<Lab> StartAsync(DemoOptions options, string folder, CancellationToken cancellationToken)
    {
        var lab = new Lab();
        try
        {
            await lab.StartAllAsync(options, folder, cancellationToken);
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        for (var index = processes.Count - 1; index >= 0; index--)
            processes[index].Dispose();
        processes.Clear();
    }

    private async Task StartAllAsync(DemoOptions options, string folder, CancellationToken cancellationToken)
    {
        processes.Add(await DemoProcess.StartAsync("server", Programs.Server, ["--data", Path.Combine(folder, "server"), "--port", $"{options.Port}"], folder, cancellationToken));
        var places = "places:\n";
        foreach (var (index, place) in Places.Index())
        {
            var number = index + 1;
            var (probePort, powerPort) = (FreePort(), FreePort());
            var serial = Path.Combine(folder, place);
            string[] arguments =
            [
                "--name", place, "--serial", serial, "--probe-port", $"{probePort}", "--power-port", $"{powerPort}",
                "--dcache", options.CachedBoard == number ? "on" : "off", "--seed", $"{options.Seed + number}", "--speed", $"{Speed}",
                .. number == 3 ? Noise : [],
            ];
            processes.Add(await DemoProcess.StartAsync(place, Programs.Board, arguments, folder, cancellationToken));
            places += $"""
              - name: {place}
                board: kv58
                serial: {"{"}device: {serial}, baud: 115200{"}"}
                probe: {"{"}uid: "remote:127.0.0.1:{probePort}"{"}"}
                power: {"{"}scpi: "127.0.0.1:{powerPort}"{"}"}

            """;
        }
        var placesFile = Path.Combine(folder, "places.yaml");
        await File.WriteAllTextAsync(placesFile, places, cancellationToken);
        processes.Add(await DemoProcess.StartAsync(
            "agent",
            Programs.Agent,
            ["serve", "--server", $"http://127.0.0.1:{options.Port}", "--places", placesFile, "--name", "bench-1", "--data", Path.Combine(folder, "agent")],
            folder,
            cancellationToken));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
