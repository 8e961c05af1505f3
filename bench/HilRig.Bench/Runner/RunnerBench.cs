using System.CommandLine;
using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Running;
using HilRig.Bench.Probe;

namespace HilRig.Bench.Runner;

/// <summary>
/// <c>bench runner</c>: cycles an hour of <c>re-update</c> on one virtual board, by the agent, by the bare protocol and by a shell loop;
/// then many boards on one agent; then as many cycles as a night makes.
/// </summary>
internal static class RunnerBench
{
    /// <summary>Keeps every board in its bootloader however short the boot window is, for all contenders alike.</summary>
    public static async Task HoldBootPinAsync(Place place, CancellationToken cancellationToken) =>
        await new ScpiSupply(place.Name, place.Power!.ScpiAddress!).DriveBootPinAsync(BootPin.Held, cancellationToken);

    public static Command Create()
    {
        var cycles = new Option<int>("--cycles") { Description = "Cycles of a turn of the agent and of the bare protocol; 0 leaves them out", DefaultValueFactory = _ => 300 };
        var turns = new Option<int>("--turns") { Description = "Turns of each; the median counts", DefaultValueFactory = _ => 3 };
        var shell = new Option<int>("--shell-cycles") { Description = "Cycles of the shell loop", DefaultValueFactory = _ => 10 };
        var command = new Command("runner", "The agent against the bare protocol and against a shell loop") { cycles, turns, shell };
        command.SetAction(async (result, token) =>
        {
            if (result.GetValue(cycles) is > 0 and var count)
                await CompareAsync(count, result.GetValue(turns), result.GetValue(shell), result.InvocationConfiguration.Output, token);
        });
        return command;
    }

    private static async Task CompareAsync(int cycles, int turns, int shellCycles, TextWriter output, CancellationToken cancellationToken)
    {
        var story = ReUpdate.Load();
        using var boards = new BoardProcess("--dcache", "off", "--speed", "1000");
        var data = new StateFolder(Path.Combine(boards.Folder, "state"));
        await HoldBootPinAsync(boards.Place, cancellationToken);
        List<double> ours = [], bare = [];
        // The first turn only warms up.
        for (var turn = 0; turn <= turns; turn++)
        {
            ours.Add(await RunnerLoop.RunAsync(boards.Place, story, cycles, data, cancellationToken) / cycles);
            await using var loop = new BareLoop(boards.Place, story);
            bare.Add(await loop.RunAsync(cycles, cancellationToken) / cycles);
        }
        var over = Median(ours.Zip(bare, (one, other) => (one / other) - 1).Skip(1));
        output.WriteLine($"agent          {Rate(Median(ours.Skip(1)))}");
        output.WriteLine($"bare protocol  {Rate(Median(bare.Skip(1)))}   the agent takes {over:P1} more (target at most 10 %)");
        if (shellCycles == 0)
            return;
        var shell = new ShellLoop(boards.Place, story, boards.Folder);
        var perCycle = shell.Run(shellCycles) / shellCycles;
        output.WriteLine($"shell loop     {Rate(perCycle)}   {shell.Tool} and pyocd, a process a command; the agent is {perCycle / Median(ours.Skip(1)):0.0} times faster (target 20)");
    }

    internal static string Rate(double secondsPerCycle) => FormattableString.Invariant($"{3600 / secondsPerCycle,9:N0} cycles/h {secondsPerCycle * 1000,8:0.0} ms a cycle");

    internal static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
