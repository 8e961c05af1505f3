using System.Diagnostics;

namespace HilRig.Bench.Kboot;

/// <summary>One way of moving the same packets; contenders take turns, so that a noisy neighbour disturbs all alike.</summary>
internal sealed class Contender(string name, Func<Task> work)
{
    private readonly List<double> seconds = [];
    private readonly List<double> cpu = [];

    /// <summary>Done before each turn and not measured.</summary>
    public Func<Task> Prepare { get; init; } = () => Task.CompletedTask;

    /// <summary>CPU time of a process that works for it.</summary>
    public Func<TimeSpan> ChildCpu { get; init; } = () => TimeSpan.Zero;

    public static async Task RaceAsync(IReadOnlyList<Contender> contenders, int rounds)
    {
        // The first turn only warms up.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var contender in contenders)
                await contender.TakeTurnAsync(counts: round > 0);
        }
    }

    public static Task OnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The median over the turns of how fast it was, as a share of another.</summary>
    public double ShareOf(Contender limit) => Median(limit.seconds.Zip(seconds, (theirs, ours) => theirs / ours));

    public string Describe(int packets, Contender limit) =>
        $"{name,-36} {packets / Median(seconds),8:0} packets/s {Median(cpu) / packets * 1e6,6:0.0} us CPU a packet, both ends {ShareOf(limit),6:0.00} of the bare loop";

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }

    private async Task TakeTurnAsync(bool counts)
    {
        await Prepare();
        var cpuBefore = Environment.CpuUsage.TotalTime + ChildCpu();
        var started = Stopwatch.GetTimestamp();
        await work();
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (!counts)
            return;
        seconds.Add(took);
        cpu.Add((Environment.CpuUsage.TotalTime + ChildCpu() - cpuBefore).TotalSeconds);
    }
}
