using System.Net;
using System.Net.Sockets;
using HilRig.Agent.Probe;

namespace HilRig.Tests.SystemTests;

/// <summary>A virtual board as a process, with the folder and the places file that lead to it.</summary>
public sealed class TestBoard : IDisposable
{
    private readonly Child child;

    private TestBoard(Child child, string folder, string place, string serial)
    {
        this.child = child;
        Folder = folder;
        Place = place;
        Serial = serial;
        PlacesFile = Path.Combine(folder, "places.yaml");
    }

    public string Folder { get; }

    public string Place { get; }

    public string Serial { get; }

    public string PlacesFile { get; }

    public static string RepositoryFile(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HilRig.sln")))
                return Path.Combine(folder.FullName, path);
        }
        throw new FileNotFoundException("the tests run outside a checkout of HilRig", path);
    }

    public static Task<TestBoard> StartAsync(params string[] options) => StartAsync("window", options);

    /// <param name="entry">How the places file says the bootloader is entered.</param>
    public static async Task<TestBoard> StartAsync(string entry, string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-test-").FullName;
        const string Place = "kv58-t";
        var serial = Path.Combine(folder, Place);
        var (probe, power) = (FreePort(), FreePort());
        var child = Child.Start("hilrig-board", [
            "--name", Place, "--serial", serial, "--probe-port", $"{probe}", "--power-port", $"{power}", "--speed", "20", "--seed", "1", .. options]);
        var board = new TestBoard(child, folder, Place, serial);
        try
        {
            await child.WaitForAsync(" ready: ");
        }
        catch
        {
            board.Dispose();
            throw;
        }
        await File.WriteAllTextAsync(board.PlacesFile, $"""
            places:
              - name: {Place}
                board: kv58
                serial: {"{"}device: {serial}, baud: 57600{"}"}
                probe: {"{"}uid: "remote:127.0.0.1:{probe}"{"}"}
                power: {"{"}scpi: "127.0.0.1:{power}"{"}"}
                entry: {entry}
                hub: usb-1
            """);
        return board;
    }

    /// <summary>Writes into the places file how long the bootloader listens; at the board's speed that is far less than its type says.</summary>
    public void ListensFor(string bootWindow) => File.AppendAllText(PlacesFile, $"\n    boot-window: {bootWindow}");

    /// <summary>A places file with both boards, the other under a name of its own.</summary>
    public string Beside(TestBoard other, string name)
    {
        var file = System.IO.Path.Combine(Folder, "both.yaml");
        var entry = File.ReadAllLines(other.PlacesFile).Skip(1).Select(line => line.Replace($"name: {other.Place}", $"name: {name}", StringComparison.Ordinal));
        File.WriteAllLines(file, [.. File.ReadAllLines(PlacesFile), .. entry]);
        return file;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The board's probe, as the agent drives it.</summary>
    public PyOcdProbe OpenProbe() => new(HilRig.Agent.Places.PlacesFile.Load(PlacesFile)[0].Probe);

    /// <summary>Runs a sequence on the board in an agent process.</summary>
    public Task<AgentRun> RunAsync(string sequence, params string[] options) => AgentRun.OfAsync(this, WriteSequence(sequence), options);

    /// <summary>Gives the place a folder with the shipped bootloader releases; answers its path.</summary>
    public string OfferReleases()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "releases")).FullName;
        foreach (var release in Directory.GetFiles(RepositoryFile("test-suites/images"), "kboot-*.bin"))
            File.Copy(release, Path.Combine(folder, Path.GetFileName(release)), overwrite: true);
        File.AppendAllText(PlacesFile, "\n    releases: releases\n");
        return folder;
    }

    /// <summary>Writes a sequence beside the places file.</summary>
    public string WriteSequence(string text)
    {
        var path = Path.Combine(Folder, "sequence.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        child.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
