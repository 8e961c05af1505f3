using System.CommandLine;
using HilRig.Agent.Places;
using HilRig.Bench.Probe;

namespace HilRig.Bench.Runner;

/// <summary>
/// <c>bench farm</c>: many boards on one agent, their lines paced, against one board on it; what a board costs, and whether the agent grows.
/// Boards and agent share the machine's processors; only the agent's CPU time and memory, its pyOCD children's included, are counted.
/// </summary>
internal static class FarmBench
{
    public static Command Create()
    {
        var count = new Option<int>("--boards") { Description = "Boards on the agent", DefaultValueFactory = _ => 64 };
        var baud = new Option<int>("--baud") { Description = "Pace of their lines; 0 is unpaced, at 57,600 for the agent", DefaultValueFactory = _ => 115_200 };
        var speed = new Option<double>("--speed") { Description = "Divides the boards' flash times; 1 is a real board's", DefaultValueFactory = _ => 1 };
        var seconds = new Option<int>("--seconds") { Description = "How long each is measured", DefaultValueFactory = _ => 60 };
        var cycles = new Option<int>("--cycles") { Description = "Instead: so many cycles on each of the boards, for what memory does", DefaultValueFactory = _ => 0 };
        var command = new Command("farm", "Many boards on one agent against one; memory over many cycles") { count, baud, speed, seconds, cycles };
        command.SetAction(async (result, token) =>
        {
            string[] options = ["--dcache", "off", "--speed", FormattableString.Invariant($"{result.GetValue(speed)}"), "--baud", $"{result.GetValue(baud)}"];
            var rate = result.GetValue(baud) is > 0 and var paced ? paced : 57_600;
            var output = result.InvocationConfiguration.Output;
            if (result.GetValue(cycles) is > 0 and var night)
            {
                await GrowAsync(result.GetValue(count), options, rate, night, output, token);
                return;
            }
            var window = TimeSpan.FromSeconds(result.GetValue(seconds));
            var one = await MeasureAsync(1, options, rate, window, output, token);
            var many = await MeasureAsync(result.GetValue(count), options, rate, window, output, token);
            output.WriteLine($"a board among {result.GetValue(count)} makes {many / one:P0} of the cycles that it makes alone (target at least 80 %)");
        });
        return command;
    }

    /// <returns>Cycles an hour and board, once all boards are at it.</returns>
    private static async Task<double> MeasureAsync(int count, string[] options, int baud, TimeSpan window, TextWriter output, CancellationToken cancellationToken)
    {
        using var boards = new BoardProcess(count, options);
        var places = await ReadyAsync(boards, baud, cancellationToken);
        await using var agent = new LoadedAgent(places, Path.Combine(boards.Folder, "state"), boards.ProcessId);
        await agent.OrderAsync(places, ReUpdate.Load(), int.MaxValue);
        while (places.Any(place => agent.CyclesOf(place) == 0))
        {
            if (agent.Ended > 0)
                throw new InvalidOperationException($"a board does not run: {string.Join("; ", agent.Failures.Take(3))}");
            await Task.Delay(100, cancellationToken);
        }
        var (before, cyclesBefore) = (agent.Measure(), places.Sum(agent.CyclesOf));
        await Task.Delay(window, cancellationToken);
        var (after, cycles) = (agent.Measure(), places.Sum(agent.CyclesOf) - cyclesBefore);
        var hourly = cycles / window.TotalHours / count;
        output.WriteLine(FormattableString.Invariant($"{count,3} boards {hourly,9:N0} cycles/h a board; a board takes {Share(after.Cpu - before.Cpu):0.00} % of a processor in the agent and {Share(after.ProbeCpu - before.ProbeCpu):0.00} % in pyOCD, {after.Bytes / 1e6 / count:0.0} MB in the agent and {after.ProbeBytes / 1e6 / count:0.0} MB in pyOCD; {agent.Failures.Count} failures"));
        foreach (var failure in agent.Failures.Take(5))
            output.WriteLine($"  {failure}");
        return hourly;

        double Share(TimeSpan cpu) => cpu / window / count * 100;
    }

    private static async Task GrowAsync(int count, string[] options, int baud, int cycles, TextWriter output, CancellationToken cancellationToken)
    {
        using var boards = new BoardProcess(count, options);
        var places = await ReadyAsync(boards, baud, cancellationToken);
        await using var agent = new LoadedAgent(places, Path.Combine(boards.Folder, "state"), boards.ProcessId);
        await agent.OrderAsync(places, ReUpdate.Load(), cycles);
        LoadedAgent.Usage? warm = null;
        for (var (done, next) = (0, 1); next <= 10; done = places.Min(agent.CyclesOf))
        {
            if (done < (long)cycles * next / 10)
            {
                await Task.Delay(100, cancellationToken);
                continue;
            }
            var now = agent.Measure();
            warm ??= now;
            output.WriteLine(FormattableString.Invariant($"after {done,7} cycles on each of {count} boards: agent {now.Bytes / 1e6,6:0.0} MB (managed: {now.LiveBytes / 1e6:0.0} MB live, {now.CommittedBytes / 1e6:0.0} MB committed), pyOCD {now.ProbeBytes / 1e6,6:0.0} MB, {agent.Failures.Count} failures"));
            if (next == 10)
            {
                output.WriteLine(FormattableString.Invariant($"from the first tenth to the end: agent {Growth(warm.Bytes, now.Bytes):+0.0;-0.0} %, pyOCD {Growth(warm.ProbeBytes, now.ProbeBytes):+0.0;-0.0} % (target at most 10 %)"));
                foreach (var failure in agent.Failures.Take(5))
                    output.WriteLine($"  {failure}");
            }
            next++;
        }

        static double Growth(long before, long after) => ((double)after / before - 1) * 100;
    }

    private static async Task<IReadOnlyList<Place>> ReadyAsync(BoardProcess boards, int baud, CancellationToken cancellationToken)
    {
        foreach (var place in boards.Places)
            await RunnerBench.HoldBootPinAsync(place, cancellationToken);
        return [.. boards.Places.Select(place => place with { Baud = baud })];
    }
}
