using HilRig.Agent;
using HilRig.Tests.SystemTests;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Probe;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>GDB reads the virtual KV58 through pyOCD's gdbserver.</summary>
public class GdbTests
{
    [Test]
    public async Task It_reads_memory_and_registers_and_steps()
    {
        var gdb = SearchPath.Find("gdb-multiarch");
        if (gdb is null) Assert.Ignore("gdb-multiarch is not on the PATH");

        var board = new Board(new BoardOptions { Name = "kv58-gdb" }, TimeProvider.System);
        board.Install(FirmwareImage.BuildBootloader(Release.Default(dataCache: true)), KvMap.FlashStart);
        lock (board.Chip.Gate)
        {
            board.Supply.Switch(true);
            board.Chip.TryWrite(0x20010000, 2, 0x2007, BusView.Array); // MOVS r0,#7
        }
        using var stop = new CancellationTokenSource();
        using var probe = new ProbeServer(board.Chip, "kv58-gdb");
        var serving = probe.RunAsync(0, stop.Token);
        int port = TestBoard.FreePort(), telnet = TestBoard.FreePort();
        var folder = Directory.CreateTempSubdirectory("hilrig-gdb-");
        using var server = PyOcd.Start(PyOcd.Executable, ["gdbserver", "-W", "-u", $"remote:127.0.0.1:{probe.Port}", "-t", "cortex_m", "-p", $"{port}", "-T", $"{telnet}", "-O", "cache.enable_memory=0"], folder);
        try
        {
            await ListeningAsync(server.StandardError);
            var output = await PyOcd.RunAsync(gdb!,
            [
                "-batch", "-nx", "-ex", "set architecture armv7e-m", "-ex", $"target remote 127.0.0.1:{port}",
                "-ex", "x/2xw 0x10000000", "-ex", "print/x $pc", "-ex", "set $pc = 0x20010000", "-ex", "stepi", "-ex", "print/x $r0", "-ex", "print/x $pc", "-ex", "disconnect",
            ], "");
            Assert.That(output, Does.Match(@"(?s)0x10000000:\s+0x20006000\s+0x10000411.*= 0x10001234.*= 0x7.*= 0x20010002"));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            await stop.CancelAsync();
            await serving;
            folder.Delete(recursive: true);
        }
    }

    private static async Task ListeningAsync(StreamReader log)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        while (await log.ReadLineAsync(deadline.Token) is { } line)
        {
            TestContext.Out.WriteLine(line);
            if (line.Contains("GDB server", StringComparison.Ordinal) && line.Contains(" on port ", StringComparison.Ordinal)) return; // "listening" or "started", by version
        }

        Assert.Fail("pyocd gdbserver ended before it listened");
    }
}
