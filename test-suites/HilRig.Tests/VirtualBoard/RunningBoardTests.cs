using System.Diagnostics;
using System.Net.Sockets;
using HilRig.Agent.Serial;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The doors of a real board: terminal, link, supply port, process.</summary>
public class RunningBoardTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("hilrig-board-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void The_edge_cases_are_answered_byte_for_byte_over_a_real_pty()
    {
        using var board = Start();
        using var port = SerialLinks.Open(board.Doors.Serial, 57600, SerialDriver.Termios);
        var answers = 0;
        foreach (var line in Transcript.Read("kboot-cases-1-21.txt").TakeWhile(line => !line.Case.StartsWith("6 ", StringComparison.Ordinal)))
        {
            if (line.IsFromHost)
            {
                port.Write(line.Bytes);
                continue;
            }
            Assert.That(Convert.ToHexString(ReadUpTo(port, line.Bytes.Length)), Is.EqualTo(Convert.ToHexString(line.Bytes)), line.Case);
            answers++;
        }
        Assert.That(answers, Is.GreaterThan(8));
    }

    /// <summary>What comes until that many bytes are there or none has come for two seconds.</summary>
    private static byte[] ReadUpTo(ISerialLink port, int count)
    {
        var bytes = new byte[count];
        var length = 0;
        while (length < count && port.Read(bytes.AsSpan(length), TimeSpan.FromSeconds(2)) is > 0 and var more)
            length += more;
        return bytes[..length];
    }

    [Test]
    public void The_link_is_stable_replaces_an_old_one_spares_a_file_and_goes_with_the_board()
    {
        var link = Path.Combine(folder, "tty");
        File.CreateSymbolicLink(link, Path.Combine(folder, "gone"));
        using (Start())
            Assert.That(new FileInfo(link).LinkTarget, Does.StartWith("/dev/pts/"));
        Assert.That(new FileInfo(link).LinkTarget, Is.Null);
        File.WriteAllText(link, "mine");
        Assert.That(() => Start().Dispose(), Throws.TypeOf<UsageException>().With.Message.Contains(link));
        Assert.That(File.ReadAllText(link), Is.EqualTo("mine"));
    }

    [Test]
    public async Task The_supply_speaks_SCPI_and_a_power_cycle_takes_the_bootloader_back_to_autobaud()
    {
        using var board = Start();
        using var client = new TcpClient("127.0.0.1", board.Doors.PowerPort);
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
        await writer.WriteAsync("*IDN?\nOUTP?\nMEASure:VOLTage:DC?\nOUTPut:STATe OFF\nMEAS:VOLT?\nOUTP ON;OUTP?\nSOUR:VOLT 2;MEAS:VOLT?;MEAS:CURR?;VOLT 3.3;VOLT?\nNONSENSE\nSYST:ERR?\n");
        string[] expected = ["HilRig,VirtualSupply,kv58-t,1.0", "1", "3.300", "0.000", "1", "2.000;0.0000;3.300", "-113,\"Undefined header;NONSENSE\""];
        foreach (var answer in expected)
            Assert.That(await reader.ReadLineAsync(), Is.EqualTo(answer));
    }

    [Test]
    public void A_port_in_use_is_named_and_nothing_is_left_behind()
    {
        using var first = Start();
        var taken = new BoardDoors(Path.Combine(folder, "second"), 0, first.Doors.PowerPort);
        Assert.That(() => Start(doors: taken).Dispose(), Throws.TypeOf<RigException>().With.Message.Contains($"--power-port {first.Doors.PowerPort}"));
        Assert.That(Directory.GetFileSystemEntries(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void Flash_survives_the_process_when_a_state_folder_is_given()
    {
        var image = FirmwareImage.BuildApplication(6144, 9, "kept", dataCache: false);
        Start(application: image, state: folder).Dispose();
        using var log = new StringWriter();
        using (Start(state: folder, log: log))
            Assert.That(log.ToString(), Does.Contain("boot: application"));
    }

    [TestCase("--bogus", 2)]
    [TestCase("--serial /tmp/x --probe-port 0", 2)]
    [TestCase("--serial /tmp/x --probe-port 0 --power-port 0 --dcache maybe", 2)]
    [TestCase("--serial /tmp/x --probe-port 0 --power-port 0 --fault flop", 2)]
    [TestCase("--serial /tmp/x --probe-port 0 --power-port 0 --app /nowhere.bin", 2)]
    [TestCase("--serial /nowhere/x --probe-port 0 --power-port 0", 2)]
    public async Task Bad_input_ends_at_once_with_one_line(string arguments, int code)
    {
        using var process = Process.Start(Launch(arguments))!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.EqualTo(code), error);
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1), error);
    }

    [Test]
    public async Task A_hundred_boards_in_one_process_are_ready_with_one_line_and_end_with_SIGTERM()
    {
        using var process = Process.Start(Launch($"--name kv --serial {folder}/tty --probe-port 0 --power-port 0 --count 100"))!;
        Assert.That(await process.StandardOutput.ReadLineAsync(), Does.StartWith($"boards kv-001 to kv-100 ready: serial {folder}/tty-001 to {folder}/tty-100 probe remote:127.0.0.1:"));
        Assert.That(Directory.GetFileSystemEntries(folder), Has.Length.EqualTo(100));
        process.Refresh();
        Assert.That(process.WorkingSet64 / 100, Is.LessThan(20 * 1024 * 1024), "memory for each board");
        using (Process.Start("kill", $"-TERM {process.Id}"))
            await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(Directory.GetFileSystemEntries(folder), Is.Empty, "links are gone");
    }

    private RunningBoard Start(BoardDoors? doors = null, byte[]? application = null, string? state = null, TextWriter? log = null) =>
        new(new BoardOptions { Name = "kv58-t" }, doors ?? new BoardDoors(Path.Combine(folder, "tty"), 0, 0),
            new BoardImages(null, null, application, state), log is null ? null : new BoardLog(log, "kv58-t"));

    private static ProcessStartInfo Launch(string arguments) => new("dotnet", $"{typeof(Board).Assembly.Location} {arguments}")
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
