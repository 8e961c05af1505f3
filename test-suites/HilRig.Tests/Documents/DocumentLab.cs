using HilRig.Tests.Architecture;
using HilRig.Tests.SystemTests;

namespace HilRig.Tests.Documents;

/// <summary>What a reader of the tutorial has: a folder with <c>./rig</c> and the shipped sequences, a virtual board <c>kv58-1</c>, a server and an agent.</summary>
internal sealed class DocumentLab : IDisposable
{
    /// <summary>A block of several commands, on a machine that has other work.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string folder = Directory.CreateTempSubdirectory("hilrig-docs-").FullName;
    private readonly List<Child> children = [];
    private readonly int server = TestBoard.FreePort();

    private DocumentLab()
    {
    }

    public static async Task<DocumentLab> StartAsync()
    {
        var lab = new DocumentLab();
        try
        {
            await lab.StartAllAsync();
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>Executes a block as a shell would; answers its exit code and what it said.</summary>
    public async Task<(int ExitCode, string Output)> ExecuteAsync(CommandBlock block)
    {
        using var shell = Child.StartIn(folder, "bash", new Dictionary<string, string?> { ["HOME"] = folder, ["HILRIG_SERVER"] = $"http://127.0.0.1:{server}", ["HILRIG_CONFIG"] = folder, ["HILRIG_TOKEN"] = null }, "-euo", "pipefail", "-c", block.Text);
        return (await shell.ExitAsync(Patience), shell.Output);
    }

    public void Dispose()
    {
        children.Reverse();
        children.ForEach(child => child.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    private async Task StartAllAsync()
    {
        var (probe, power) = (TestBoard.FreePort(), TestBoard.FreePort());
        var serial = Path.Combine(folder, "kv58-1");
        await File.WriteAllTextAsync(Path.Combine(folder, "places.yaml"), $$"""
            places:
              - name: kv58-1
                board: kv58
                serial: {device: {{serial}}, baud: 57600}
                probe: {uid: "remote:127.0.0.1:{{probe}}"}
                power: {scpi: "127.0.0.1:{{power}}"}
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "rig"), $$"""
            #!/bin/bash
            case $1 in
              agent|server|board) program=hilrig-$1; shift ;;
              *) program=hilrig ;;
            esac
            exec dotnet "{{Path.Combine(AppContext.BaseDirectory, "$program.dll")}}" "$@"
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder, "rig"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Directory.CreateSymbolicLink(Path.Combine(folder, "test-suites"), Path.Combine(Repository.Root, "test-suites"));
        await Task.WhenAll(
            StartAsync("hilrig-board", "--name", "kv58-1", "--serial", serial, "--probe-port", $"{probe}", "--power-port", $"{power}", "--dcache", "on", "--speed", "20"),
            StartAsync("hilrig-server", "--data", Path.Combine(folder, "server"), "--port", $"{server}"));
        await StartAsync("hilrig-agent", "serve", "--server", $"http://127.0.0.1:{server}", "--places", Path.Combine(folder, "places.yaml"), "--name", "bench-1", "--data", Path.Combine(folder, "agent"));
    }

    private async Task StartAsync(string program, params string[] arguments)
    {
        var child = Child.Start(program, arguments);
        lock (children)
            children.Add(child);
        await child.WaitForAsync(" ready: ");
    }
}
