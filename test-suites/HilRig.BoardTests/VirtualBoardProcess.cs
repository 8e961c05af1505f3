using System.Diagnostics;
using System.Text.RegularExpressions;

namespace HilRig.BoardTests;

/// <summary>The program <c>hilrig-board</c> of this checkout, with the places file that leads to it.</summary>
public sealed partial class VirtualBoardProcess : IDisposable
{
    public const string Name = "virtual";

    private const string Speed = "10";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string folder;

    private VirtualBoardProcess(Process process, string folder)
    {
        this.process = process;
        this.folder = folder;
    }

    public string PlacesFile => Path.Combine(folder, "places.yaml");

    /// <summary>Starts it with its D-cache off, as a bootloader without the known defect would leave it: every sequence is to pass.</summary>
    public static async Task<VirtualBoardProcess> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-board-").FullName;
        var serial = Path.Combine(folder, "tty");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in new[] { Program(), "--name", Name, "--serial", serial, "--probe-port", "0", "--power-port", "0", "--dcache", "off", "--speed", Speed })
            start.ArgumentList.Add(argument);
        var board = new VirtualBoardProcess(Process.Start(start)!, folder);
        try
        {
            using var deadline = new CancellationTokenSource(StartDeadline);
            var line = await board.process.StandardOutput.ReadLineAsync(deadline.Token) ?? "";
            var ports = Ready().Match(line);
            if (!ports.Success)
                throw new InvalidOperationException($"{Program()} said `{line}`, expected that it is ready");
            await File.WriteAllTextAsync(board.PlacesFile, $$"""
                places:
                  - name: {{Name}}
                    board: kv58
                    serial: {device: {{serial}}, baud: 57600}
                    probe: {uid: "{{ports.Groups["probe"]}}"}
                    power: {scpi: "{{ports.Groups["power"]}}", trigger: flash-busy}
                    releases: {{Releases(folder)}}
                """, deadline.Token);
            return board;
        }
        catch
        {
            board.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The builds that suites ask for, under the names by which they ask.</summary>
    private static string Releases(string folder)
    {
        var releases = Directory.CreateDirectory(Path.Combine(folder, "releases")).FullName;
        foreach (var (name, build) in new[] { ("release", "stock"), ("debug", "stock-debug"), ("secured", "secured") })
            File.Copy(Path.Combine(Checkout.Root, "test-suites", "images", $"kboot-2.0.0-{build}.bin"), Path.Combine(releases, $"kboot-{name}.bin"));
        return releases;
    }

    /// <summary>Built with these tests, in the same configuration; a board is reached by its ports alone, so it is no reference.</summary>
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Checkout.Root, "rig-agent", "HilRig.VirtualBoard", "bin", output.Parent!.Name, output.Name, "hilrig-board.dll");
    }

    [GeneratedRegex("probe (?<probe>[^ ]+) power (?<power>[^ ]+)$")]
    private static partial Regex Ready();
}
