using System.CommandLine;
using System.Diagnostics;
using HilRig.Agent.Running;
using HilRig.Bench.Targets;
using HilRig.Model.Runs;

namespace HilRig.Bench;

/// <summary><c>bench journal</c>: what a run's journal costs a cycle, and how much of that is waiting for the disk.</summary>
internal static class JournalBench
{
    public static Command Create()
    {
        var cycles = new Option<int>("--cycles") { Description = "Cycles to write", DefaultValueFactory = _ => 200 };
        var steps = new Option<int>("--steps") { Description = "Steps a cycle", DefaultValueFactory = _ => 4 };
        var folder = new Option<string>("--folder") { Description = "On the disk that is measured", DefaultValueFactory = _ => Path.GetTempPath() };
        var command = new Command("journal", "What a wait for the disk costs a cycle") { cycles, steps, folder };
        command.SetAction(parsed => Run(parsed.GetValue(cycles), parsed.GetValue(steps), parsed.GetRequiredValue(folder), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(int cycles, int steps, string folder, TextWriter output)
    {
        var own = Path.Combine(folder, $"hilrig-journal-{Environment.ProcessId}");
        try
        {
            using var journal = RunJournal.Create(own, "r", TimeProvider.System);
            Write(journal, 1, steps, new List<double>());
            var waits = new List<double>();
            var began = Stopwatch.GetTimestamp();
            for (var cycle = 2; cycle < cycles + 2; cycle++)
                Write(journal, cycle, steps, waits);
            var whole = Stopwatch.GetElapsedTime(began);
            began = Stopwatch.GetTimestamp();
            for (var number = 0; number < cycles * steps; number++)
                journal.Note(Started(cycles + 2));
            var without = Stopwatch.GetElapsedTime(began);
            output.WriteLine($"{cycles:N0} cycles of {steps} steps in {own}");
            output.WriteLine($"a cycle              {whole.TotalMilliseconds / cycles:0.00} ms in the journal, {steps} waits for the disk");
            output.WriteLine($"an event with a wait {waits.Average():0.000} ms, median {Figures.Quantile(waits, 0.5):0.000}, 99 % {Figures.Quantile(waits, 0.99):0.000}, longest {waits.Max():0.000}");
            output.WriteLine($"an event without     {without.TotalMilliseconds / (cycles * steps):0.000} ms");
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    /// <summary>As <see cref="SequenceRunner"/> writes a cycle in which everything passes: one wait a step, at its beginning.</summary>
    private static void Write(RunJournal journal, int cycle, int steps, List<double> waits)
    {
        journal.Note(new CycleStarted(cycle));
        for (var step = 0; step < steps; step++)
        {
            var began = Stopwatch.GetTimestamp();
            journal.Append(Started(cycle));
            waits.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            journal.Note(new StepEnded(cycle, step, StepPhase.Steps, "update", "", Verdict.Pass, Layer.None, null, 100, false, Conditions, Measurements, []));
        }
        journal.Note(new CycleEnded(cycle, Verdict.Pass, Layer.None));
    }

    private static StepStarted Started(int cycle) => new(cycle, 0, StepPhase.Steps, "update", "recipe=kinetis-flash-tool");

    private static readonly Dictionary<string, string> Conditions = Enumerable.Range(0, 18).ToDictionary(number => $"condition-{number}", number => $"value-{number}");

    private static readonly Dictionary<string, double> Measurements = new() { ["packets"] = 400, ["bytes"] = 6144 };
}
