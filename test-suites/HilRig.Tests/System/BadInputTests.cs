using HilRig.Agent;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>What a person gets wrong ends at once: one line, the right exit code, no stack trace.</summary>
public class BadInputTests
{
    private const string Sequence = "sequence: s\nboard: kv58\nsteps:\n  - ping\n";

    private string folder = "";

    [SetUp]
    public void CreateFolder()
    {
        folder = Directory.CreateTempSubdirectory("hilrig-bad-").FullName;
        File.WriteAllText(InFolder("s.yaml"), Sequence);
        File.WriteAllBytes(InFolder("good.bin"), [0, 0, 2, 0x20, 0x11, 0xA4, 0, 0x10]);
        WritePlaces("/dev/null");
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("  - udpate\n", "s.yaml:5:5: unknown step `udpate`; did you mean `update`?")]
    [TestCase("  - reset: {bye: power}\n", "s.yaml:5:13: `reset` has no argument `bye`; did you mean `by`?")]
    public async Task A_mistake_in_a_sequence(string line, string expected)
    {
        File.AppendAllText(InFolder("s.yaml"), line);

        await ExpectAsync(2, expected, Run());
    }

    [Test]
    public Task A_missing_sequence() => ExpectAsync(2, "nowhere.yaml: no such sequence file", ["run", InFolder("nowhere.yaml"), "--place", "p", "--places", InFolder("places.yaml")]);

    [Test]
    public Task A_missing_places_file() => ExpectAsync(2, "nowhere.yaml: no such places file", ["run", InFolder("s.yaml"), "--place", "p", "--places", InFolder("nowhere.yaml")]);

    [Test]
    public Task An_unknown_place() => ExpectAsync(2, "no place `q`; did you mean `p`?", ["run", InFolder("s.yaml"), "--place", "q", "--places", InFolder("places.yaml")]);

    [Test]
    public Task A_missing_image() => ExpectAsync(2, "nowhere.bin: no such image", Run("--image", InFolder("nowhere.bin")));

    [Test]
    public Task An_image_over_the_bootloader() => ExpectAsync(2, "overlaps the bootloader at 0x10000000", Run("--image", InFolder("good.bin"), "--address", "0x10002000"));

    [Test]
    public Task A_serial_device_that_does_not_exist()
    {
        WritePlaces("/dev/ttyNOWHERE");
        return ExpectAsync(3, "/dev/ttyNOWHERE", Run("--image", InFolder("good.bin")));
    }

    [Test]
    public async Task A_serial_device_that_is_busy()
    {
        using var board = await TestBoard.StartAsync();
        using var holder = HilRig.Agent.Serial.SerialLinks.Open(board.Serial, 57600, HilRig.Agent.Serial.SerialDriver.Automatic);

        await ExpectAsync(3, board.Serial, ["run", InFolder("s.yaml"), "--place", board.Place, "--places", board.PlacesFile, "--data", folder]);
    }

    [Test]
    public async Task No_pyocd_on_the_PATH()
    {
        var dotnet = Path.GetDirectoryName(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : SearchPath.Find("dotnet")!);
        using var agent = Child.Start("hilrig-agent", new Dictionary<string, string?> { ["PATH"] = dotnet }, Run());

        Assert.That(await agent.ExitAsync(), Is.EqualTo(2), agent.Output);
        Assert.That(agent.Output, Does.StartWith("pyocd is not on the PATH; install it").And.Not.Contains("\n"));
    }

    [Test]
    public Task An_unknown_option() => ExpectAsync(2, "--plaec", Run("--plaec", "p"));

    [TestCase("--probe-port")]
    [TestCase("--power-port")]
    public async Task A_port_of_a_board_that_is_in_use(string option)
    {
        using var holder = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        holder.Start();
        var port = ((System.Net.IPEndPoint)holder.LocalEndpoint).Port;
        var other = option == "--probe-port" ? "--power-port" : "--probe-port";
        using var board = Child.Start("hilrig-board", "--name", "b", "--serial", InFolder("tty"), option, $"{port}", other, $"{TestBoard.FreePort()}");

        Assert.That(await board.ExitAsync(), Is.EqualTo(3), board.Output);
        Assert.That(board.Output, Does.Contain($"{port}").And.Not.Contains("\n"));
    }

    [Test]
    public async Task A_port_of_the_server_that_is_in_use()
    {
        using var holder = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        holder.Start();
        var port = ((System.Net.IPEndPoint)holder.LocalEndpoint).Port;
        using var server = Child.Start("hilrig-server", "--data", InFolder("data"), "--port", $"{port}");

        Assert.That(await server.ExitAsync(), Is.EqualTo(3), server.Output);
        Assert.That(server.Output, Does.Contain($"port {port} is in use").And.Not.Contains("\n"));
    }

    private static async Task ExpectAsync(int exit, string expected, IEnumerable<string> arguments)
    {
        using var agent = Child.Start("hilrig-agent", arguments);

        Assert.That(await agent.ExitAsync(), Is.EqualTo(exit), agent.Output);
        Assert.That(agent.Output.Split('\n').Last(line => line.Length > 0), Does.Contain(expected));
        Assert.That(agent.Output, Does.Not.Contain("   at "), "no stack trace");
    }

    private string[] Run(params string[] options) =>
        ["run", InFolder("s.yaml"), "--place", "p", "--places", InFolder("places.yaml"), "--data", folder, .. options];

    private string InFolder(string name) => Path.Combine(folder, name);

    private void WritePlaces(string device) => File.WriteAllText(
        InFolder("places.yaml"),
        $"places:\n  - name: p\n    board: kv58\n    serial: {{device: {device}}}\n    probe: {{uid: \"remote:127.0.0.1:1\"}}\n");
}
