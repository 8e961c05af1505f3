using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HilRig.Agent.Places;

namespace HilRig.Bench.Probe;

/// <summary>A virtual board in a process of its own, so that its memory and its work are not the agent's; and the place that leads to it.</summary>
internal sealed class BoardProcess : IDisposable
{
    private readonly Process process;
    private readonly string folder = Directory.CreateTempSubdirectory("hilrig-bench-").FullName;

    public BoardProcess(params string[] options)
    {
        var (probe, serial) = (FreePort(), Path.Combine(folder, "serial"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "hilrig-board.dll"), "--name", "bench", "--serial", serial, "--probe-port", $"{probe}", "--power-port", "0", .. options])
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine()?.Contains("ready", StringComparison.Ordinal) != true)
            throw new InvalidOperationException("the virtual board did not start");
        Place = PlacesFile.Parse(Path.Combine(folder, "places.yaml"), $"places:\n  - name: bench\n    board: kv58\n    serial: {{device: {serial}}}\n    probe: {{uid: \"remote:127.0.0.1:{probe}\"}}\n")[0];
    }

    public Place Place { get; }

    public string Folder => folder;

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
