using System.CommandLine;
using System.Diagnostics;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Evidence;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Agent.Steps;
using HilRig.Kboot;
using HilRig.Model.Runs;

namespace HilRig.Bench.Probe;

/// <summary>
/// <c>bench probe</c>: compare-views and evidence capture on a virtual board, the same by one pyocd process a question, and pyOCD's
/// own transfer time, all in one run; the share that they have of a cycle on a paced line; and a night's worth of operations in one go.
/// </summary>
internal static class ProbeBench
{
    private const uint FlashStart = 0x1000_0000;
    private const int Turns = 21, OneShotTurns = 5;

    /// <summary>An agent has served for minutes when it fails: its code is compiled.</summary>
    private const int WarmUp = 30;

    public static Command Create()
    {
        var kilobytes = new Option<int>("--kilobytes") { Description = "Flash that is compared", DefaultValueFactory = _ => 256 };
        var cycle = new Option<int>("--cycle-kilobytes") { Description = "Image that the paced cycle writes; 0 leaves the cycle out", DefaultValueFactory = _ => 64 };
        var operations = new Option<int>("--operations") { Description = "Probe operations in one go; 0 leaves them out", DefaultValueFactory = _ => 20_000 };
        var command = new Command("probe", "The probe: against one-shot pyocd, against pyOCD's own transfers, and over a night's operations") { kilobytes, cycle, operations };
        command.SetAction(async (result, token) =>
        {
            var output = result.InvocationConfiguration.Output;
            // First, while this process has done nothing else that could have grown.
            if (result.GetValue(operations) is > 0 and var count)
                await OperationBench.RunAsync(count, output, token);
            var ours = await CompareAsync(result.GetValue(kilobytes) * 1024, output, token);
            if (result.GetValue(cycle) is > 0 and var size)
                await PaceAsync(size * 1024, ours, output, token);
        });
        return command;
    }

    /// <returns>Seconds of one compare-views and one evidence capture.</returns>
    private static async Task<double> CompareAsync(int bytes, TextWriter output, CancellationToken cancellationToken)
    {
        using var board = new BoardProcess("--dcache", "on", "--speed", "20");
        await using var bench = await Agent.Places.Bench.OpenAsync(board.Place, null, TimeProvider.System, cancellationToken);
        await bench.IdentifyAsync(cancellationToken);
        var compare = new CompareViewsStep(FlashStart, (uint)bytes);
        var examination = new Examination(bench, new EvidenceStore(Path.Combine(board.Folder, "evidence"), "r-bench"));
        var failure = new DutFailureException(new Failure("bench", "none", "", "nothing is wrong"));
        bench.Touched = AddressRange.Of(FlashStart, (uint)bytes);

        var cycle = 0;
        var views = await BestAsync(() => compare.ExecuteAsync(bench, cancellationToken));
        var capture = await BestAsync(() => examination.OfAsync(failure, compare, ++cycle, 1));
        var word = await BestAsync(() => bench.Probe.ReadWordAsync(FlashStart, cancellationToken), turns: 500);
        // The bootloader may speak only when SWD has looked, so its bare answers are no part of what can be saved.
        var row = await BestAsync(() => bench.Bootloader.ReadMemoryAsync(FlashStart, 16, cancellationToken));
        var properties = await BestAsync(() => PropertiesAsync(bench.Bootloader, cancellationToken));
        var map = bench.Board.Map;
        var range = AddressRange.Of(FlashStart, (uint)bytes);
        double Transfers(PyOcdTransfers wanted) => wanted.Run(board.Place, board.Folder, WarmUp + Turns)[WarmUp..].Min();
        var transfer = Transfers(new([range], [], WithCore: false));
        var evidence = Transfers(new([range, map.Vectors, map.BootConfiguration, map.ConfigurationField], [CoreWitness.Dhcsr, .. bench.Board.Registers.Select(register => register.Address)], WithCore: true));

        void Once(params string[] commands) => OneShotPyOcd.Run(board.Place, board.Folder, commands);
        string[] past = ["set hprot 0x3", $"savemem 0x{FlashStart:x} {bytes} a.bin"], through = ["set hprot 0xb", $"savemem 0x{FlashStart:x} {bytes} b.bin"];
        var views1 = Seconds(() => { Once(past); Once(through); Once("halt", "read32 0xe000ed14", "read32 0xe000ed78", "read32 0xe000ed80", "go"); });
        var capture1 = Seconds(() =>
        {
            Once(past);
            Once(through);
            Once([.. bench.Board.Registers.Select(register => $"read32 0x{register.Address:x}")]);
            Once("halt", "reg r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr pc xpsr msp psp", "go");
            Once("readap 1 0");
        });
        var word1 = Enumerable.Range(0, OneShotTurns).Min(_ => Seconds(() => Once($"read32 0x{FlashStart:x}")));

        output.WriteLine($"compare-views {bytes / 1024,5} KB {views * 1000,8:0} ms   one-shot {views1 * 1000,6:0} ms   {views1 / views,6:0.0} times faster (target 3)");
        output.WriteLine($"evidence      {bytes / 1024,5} KB {capture * 1000,8:0} ms   one-shot {capture1 * 1000,6:0} ms   {capture1 / capture,6:0.0} times faster (target 3)");
        output.WriteLine($"one word               {word * 1000,8:0.00} ms   one-shot {word1 * 1000,6:0} ms   {word1 / word,6:0} times faster (target 100)");
        output.WriteLine($"pyOCD's own transfers  {transfer * 1000,8:0} ms for both views; compare-views takes {views / transfer:0.00} times that (target 1.3)");
        output.WriteLine($"                       {evidence * 1000,8:0} ms for all that evidence reads over SWD; evidence takes {capture / evidence:0.00} times that, {capture / (evidence + row + properties):0.00} times that with the bootloader's bare answers, {(row + properties) * 1000:0} ms (target 1.3)");
        return views + capture;
    }

    private static async Task PaceAsync(int bytes, double ours, TextWriter output, CancellationToken cancellationToken)
    {
        using var board = new BoardProcess("--dcache", "off", "--baud", "57600");
        var content = new byte[bytes];
        new Random(1).NextBytes(content);
        var image = new Image("paced", [new ImageSegment(board.Place.Board.Map.ApplicationAddress, content)]);
        await using var bench = await Agent.Places.Bench.OpenAsync(board.Place, image, TimeProvider.System, cancellationToken);
        await bench.Bootloader.PingAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        await new UpdateStep(Recipe.KinetisFlashTool).ExecuteAsync(bench, cancellationToken);
        await new VerifyStep(Viewer.Swd).ExecuteAsync(bench, cancellationToken);
        var cycle = Stopwatch.GetElapsedTime(began).TotalSeconds;
        output.WriteLine($"a cycle of {bytes / 1024} KB at 57,600 baud takes {cycle:0.0} s; compare-views and evidence together are {ours / (cycle + ours):0.000} of one that has them (target 0.15)");
    }

    private static async Task PropertiesAsync(BootloaderClient bootloader, CancellationToken cancellationToken)
    {
        await bootloader.PingAsync(cancellationToken);
        foreach (var tag in Enum.GetValues<PropertyTag>())
        {
            for (uint bank = 0; bank < (tag is PropertyTag.RamStartAddress or PropertyTag.RamSizeInBytes ? 3U : 1U); bank++)
            {
                try
                {
                    await bootloader.GetPropertyAsync(tag, bank, cancellationToken);
                }
                catch (BootloaderStatusException)
                {
                    // Not in this build; that is an answer too.
                }
            }
        }
    }

    /// <summary>The fastest turn: whatever else runs on the machine only adds, to either side.</summary>
    private static async Task<double> BestAsync(Func<Task> work, int turns = Turns)
    {
        for (var turn = 0; turn < WarmUp; turn++)
            await work();
        var seconds = new double[turns];
        for (var turn = 0; turn < turns; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            await work();
            seconds[turn] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        return seconds.Min();
    }

    private static double Seconds(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
