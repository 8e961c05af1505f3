using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using HilRig.Analysis.Flags;
using HilRig.Model.Runs;

namespace HilRig.Bench;

/// <summary><c>bench judge</c>: what judging a stored campaign costs beside reading it, and what one more event costs at its end.</summary>
internal static class JudgeBench
{
    private const int StepsPerCycle = 4;
    private const int CyclesPerRun = 1_000;
    private static readonly string[] Steps = ["ping", "erase-region", "update", "verify"];
    private static readonly string[] Resets = ["bootloader", "probe", "power"];

    public static Command Create()
    {
        var cycles = new Option<int>("--cycles") { Description = "Cycles of four steps", DefaultValueFactory = _ => 100_000 };
        var command = new Command("judge", "Cost of judging a campaign, as a multiple of reading it") { cycles };
        command.SetAction(result => Run(result.GetValue(cycles), result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(int cycles, TextWriter output)
    {
        var judge = new FlagJudge();
        var samples = new SampleReader();
        var random = new Random(1);
        var (reading, adding, first, last) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var runs = Math.Max(1, cycles / CyclesPerRun);
        for (var run = 0; run < runs; run++)
        {
            var stored = Events(run, random).Select(runEvent => JsonSerializer.SerializeToUtf8Bytes(runEvent, RunJson.Options)).ToList();
            var begin = Stopwatch.GetTimestamp();
            var events = stored.ConvertAll(line => JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options)!);
            reading += Stopwatch.GetElapsedTime(begin);
            begin = Stopwatch.GetTimestamp();
            foreach (var runEvent in events)
            {
                if (samples.Read(runEvent) is { } sample)
                    judge.Add(sample);
            }
            last = Stopwatch.GetElapsedTime(begin);
            adding += last;
            first = run == 1 ? last : first;
        }
        var judged = Stopwatch.GetTimestamp();
        var flags = judge.Judge();
        output.WriteLine($"{runs * CyclesPerRun:N0} cycles, {runs * CyclesPerRun * StepsPerCycle:N0} steps");
        output.WriteLine($"reading the events   {reading.TotalSeconds:0.00} s");
        output.WriteLine($"adding the samples   {adding.TotalSeconds:0.00} s, {adding / reading:0.00} × reading");
        output.WriteLine($"judging at the end   {Stopwatch.GetElapsedTime(judged).TotalMilliseconds:0.0} ms, {flags.Count} flags");
        output.WriteLine($"an event             {1e6 * first.TotalSeconds / (CyclesPerRun * StepsPerCycle):0.00} µs in the second run, {1e6 * last.TotalSeconds / (CyclesPerRun * StepsPerCycle):0.00} µs in the last");
        output.WriteLine($"a look after one more {LookAfterOneMore(judge, samples, runs, random).TotalMilliseconds:0.0} ms: what is seen of a failure one event later");
        output.WriteLine($"memory               {GC.GetTotalMemory(true) / 1e6:0} MB kept, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB at most");
    }

    /// <summary>The next failure of the update, whose table is the largest, and all flags anew.</summary>
    private static TimeSpan LookAfterOneMore(FlagJudge judge, SampleReader samples, int run, Random random)
    {
        var more = Events(run, random).TakeWhile(runEvent => runEvent.Body is not StepEnded { Verdict: Verdict.Fail, Cycle: > 3 }).ToList();
        var begin = Stopwatch.GetTimestamp();
        foreach (var sample in more.Select(samples.Read).OfType<StepSample>())
            judge.Add(sample);
        judge.Judge();
        return Stopwatch.GetElapsedTime(begin);
    }

    private static IEnumerable<RunEvent> Events(int run, Random random)
    {
        var number = 0L;
        var runId = $"run-{run}";
        var clock = new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero);
        yield return Next(new RunStarted("re-update", "", "kboot-2.0", "", $"kv58-{run % 24}", "kv58", $"{run % 24}", "lab-1", "app.bin", "", CyclesPerRun, 1, new Dictionary<string, string>()));
        for (var cycle = 1; cycle <= CyclesPerRun; cycle++)
        {
            for (var index = 0; index < StepsPerCycle; index++)
            {
                var atBoot = random.Next(2) == 0 ? "application" : "blank";
                var fails = index == 2 && atBoot == "application";
                yield return Next(new StepEnded(
                    cycle, index, StepPhase.Steps, Steps[index], "", fails ? Verdict.Fail : Verdict.Pass, fails ? Layer.Product : Layer.None,
                    fails ? new Failure("write-memory", "10203", "kStatusMemoryCumulativeWrite", "") : null, 100, false, Conditions(atBoot, run, cycle, random), new Dictionary<string, double>(), []));
            }
        }
        yield return Next(new RunEnded(Verdict.Fail, EndReason.Completed, ""));

        RunEvent Next(RunEventBody body) => new(runId, ++number, clock += TimeSpan.FromSeconds(1), body);
    }

    private static Dictionary<string, string> Conditions(string atBoot, int run, int cycle, Random random) => new()
    {
        [ConditionVocabulary.AppAtBoot] = atBoot,
        [ConditionVocabulary.AppNow] = random.Next(2) == 0 ? "application" : "blank",
        [ConditionVocabulary.LastReset] = Resets[random.Next(3)],
        [ConditionVocabulary.UpdatesSinceReset] = $"{random.Next(4)}",
        [ConditionVocabulary.ErasesSinceReset] = $"{random.Next(4)}",
        [ConditionVocabulary.CyclesSincePower] = $"{cycle}",
        [ConditionVocabulary.PreviousStep] = Steps[random.Next(4)],
        [ConditionVocabulary.PreviousVerdict] = "pass",
        [ConditionVocabulary.PreviousCycle] = random.Next(2) == 0 ? "pass" : "fail",
        [ConditionVocabulary.Image] = random.Next(2) == 0 ? "small.bin" : "large.bin",
        [ConditionVocabulary.Baud] = "115200",
        [ConditionVocabulary.Board] = $"{run % 24}",
    };
}
