using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HilRig.Agent.Places;

namespace HilRig.Bench.Probe;

/// <summary>Virtual boards in a process of their own, so that their memory and their work are not the agent's; and the places that lead to them.</summary>
internal sealed class BoardProcess : IDisposable
{
    private readonly Process process;
    private readonly string folder = Directory.CreateTempSubdirectory("hilrig-bench-").FullName;

    public BoardProcess(params string[] options)
        : this(1, options)
    {
    }

    public BoardProcess(int count, params string[] options)
    {
        var (probe, serial) = (FreePorts(2 * count), Path.Combine(folder, "serial"));
        var power = probe + count;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "hilrig-board.dll"), "--name", "bench", "--serial", serial, "--probe-port", $"{probe}", "--power-port", $"{power}", "--count", $"{count}", .. options])
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        if (process.StandardOutput.ReadLine()?.Contains("ready", StringComparison.Ordinal) != true)
            throw new InvalidOperationException("the virtual boards did not start");
        var places = Enumerable.Range(0, count).Select(index => $"  - name: bench-{index + 1:D3}\n    board: kv58\n    serial: {{device: {serial}-{index + 1:D3}}}\n    probe: {{uid: \"remote:127.0.0.1:{probe + index}\"}}\n    power: {{scpi: \"127.0.0.1:{power + index}\"}}\n");
        Places = PlacesFile.Parse(Path.Combine(folder, "places.yaml"), "places:\n" + string.Concat(places));
    }

    public Place Place => Places[0];

    public IReadOnlyList<Place> Places { get; }

    public string Folder => folder;

    public int ProcessId => process.Id;

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The first of so many in a row that nobody has at the moment.</summary>
    public static int FreePorts(int count)
    {
        while (true)
        {
            // Below the range from which Linux gives ports to whoever asks for any.
            var first = Random.Shared.Next(10_000, 32_000 - count);
            var listeners = new List<TcpListener>();
            try
            {
                for (var port = first; port < first + count; port++)
                {
                    listeners.Add(new TcpListener(IPAddress.Loopback, port));
                    listeners[^1].Start();
                }
                return first;
            }
            catch (SocketException)
            {
                // One of them is taken: others.
            }
            finally
            {
                listeners.ForEach(listener => listener.Dispose());
            }
        }
    }
}
