using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Probe;

namespace HilRig.Bench.Board;

/// <summary><c>bench swd</c>: the real pyOCD saves 1 MB of flash; how much of that time is the board's.</summary>
internal static class SwdBench
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often; the median counts", DefaultValueFactory = _ => 5 };
        var command = new Command("swd", "pyOCD's savemem of 1 MB, and the board's share of it") { rounds };
        command.SetAction((result, token) => RunAsync(result.GetValue(rounds), result.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task RunAsync(int rounds, TextWriter output, CancellationToken cancellationToken)
    {
        var board = new VirtualBoard.Board(new BoardOptions { Name = "bench" }, TimeProvider.System);
        board.Install(FirmwareImage.BuildBootloader(Release.Default(dataCache: true)), KvMap.FlashStart);
        var content = new byte[(int)(KvMap.FlashEnd - KvMap.ApplicationStart)];
        new Random(58).NextBytes(content);
        board.Install(content, KvMap.ApplicationStart);
        lock (board.Chip.Gate)
            board.Supply.Switch(true);
        using var server = new ProbeServer(board.Chip, "bench");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var serving = server.RunAsync(0, stop.Token);
        var folder = Directory.CreateTempSubdirectory("hilrig-bench-swd-");
        try
        {
            var turns = new List<(double Seconds, double Busy)>();
            for (var round = 0; round <= rounds; round++)
            {
                var turn = await SaveAsync(server, folder, cancellationToken);
                if (!(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "flash.bin"), cancellationToken)).AsSpan((int)(KvMap.ApplicationStart - KvMap.FlashStart)).SequenceEqual(content))
                    throw new InvalidOperationException("what was saved is not what is in flash");
                // The first turn only warms up: a board lives for hours.
                if (round > 0)
                    turns.Add(turn);
            }
            var middle = turns.OrderBy(turn => turn.Busy / turn.Seconds).ElementAt(turns.Count / 2);
            output.WriteLine($"savemem of 1 MB   {middle.Seconds:0.00} s   {1 / middle.Seconds:0.0} MB/s   {middle.Busy * 1000:0} ms in the board: {middle.Busy / middle.Seconds:P1} (target 20 %)   {server.Load.Requests} requests in all");
        }
        finally
        {
            await stop.CancelAsync();
            await serving;
            folder.Delete(recursive: true);
        }
    }

    /// <summary>pyOCD's own clock around the one command, without its start.</summary>
    private static async Task<(double Seconds, double Busy)> SaveAsync(ProbeServer server, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        const string Now = "$print('@', __import__('time').monotonic())";
        var busy = server.Load.Busy;
        using var pyocd = Process.Start(new ProcessStartInfo("pyocd", ["commander", "-W", "-u", $"remote:127.0.0.1:{server.Port}", "-t", "cortex_m"])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYOCD_HISTORY"] = Path.Combine(folder.FullName, "history") },
        })!;
        await pyocd.StandardInput.WriteAsync($"{Now}\nsavemem 0x10000000 0x100000 {Path.Combine(folder.FullName, "flash.bin")}\n{Now}\nexit\n");
        pyocd.StandardInput.Close();
        var errors = pyocd.StandardError.ReadToEndAsync(cancellationToken);
        var said = await pyocd.StandardOutput.ReadToEndAsync(cancellationToken);
        await pyocd.WaitForExitAsync(cancellationToken);
        var moments = said.Split('\n').Where(line => line.Contains("@ ", StringComparison.Ordinal)).Select(line => double.Parse(line.Split("@ ")[1], CultureInfo.InvariantCulture)).ToArray();
        return moments.Length == 2
            ? (moments[1] - moments[0], (server.Load.Busy - busy).TotalSeconds)
            : throw new InvalidOperationException($"pyocd did not save the flash: {said}{await errors}");
    }
}
