using HilRig.Agent.Images;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Running;

/// <summary>Prints what a cycle would do if every step passed. Nothing is opened and no board is touched.</summary>
public static class DryRun
{
    public static void Print(Variants variants, RunImages images, long seed, int cycle, int cycles, TextWriter output)
    {
        var variant = variants.ForCycle(seed, cycle);
        var values = variant.Parameters.Select(pair => $", {pair.Key}={pair.Value}");
        var image = images.For(variant) is { } known ? $", image {known.Name} ({known.ByteCount} bytes at 0x{known.Start:X8})" : "";
        output.WriteLine($"{variants.Sequence.Name}: cycle {cycle} of {cycles}, seed {seed}{string.Concat(values)}{image}");
        Print("setup", variants.Usual.Setup, seed, 0, output);
        Print("steps", variant.Steps, seed, cycle, output);
        Print("on-failure", variant.OnFailure, seed, cycle, output);
        Print("cleanup", variants.Usual.Cleanup, seed, 0, output);
    }

    private static void Print(string part, IReadOnlyList<SequenceNode> nodes, long seed, int cycle, TextWriter output)
    {
        if (nodes.Count == 0)
            return;
        output.WriteLine($"{part}:");
        var rounds = new Dictionary<StepCall, string>(ReferenceEqualityComparer.Instance as IEqualityComparer<StepCall>);
        var shown = new Rewriting(argument => argument, node => [node is Until until ? OneRound(until, rounds) : node]).List(nodes);
        var steps = StepBinder.Bindings(shown).ToDictionary(binding => binding.Call, binding => binding.Bind(), ReferenceEqualityComparer.Instance as IEqualityComparer<StepCall>);
        var walk = CycleWalk.Of(shown, seed, cycle);
        StepEnded? passed = null;
        for (var number = 1; walk.Next(passed) is { } call; number++)
        {
            var step = steps[call];
            output.WriteLine($"  {number,3}  {step.Name} {step.Arguments}".TrimEnd() + rounds.GetValueOrDefault(call, ""));
            passed = new StepEnded(cycle, number - 1, StepPhase.Steps, step.Name, step.Arguments, Verdict.Pass, Layer.None, null, 0, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []);
        }
    }

    /// <summary>How many rounds an <c>until</c> takes is for the board to say: one is shown, with what it waits for.</summary>
    private static Until OneRound(Until until, Dictionary<StepCall, string> rounds)
    {
        foreach (var (call, _) in StepBinder.Bindings(until.Steps))
            rounds[call] = $"  (until {StepBinder.Words(until.Unmet.Arguments)}){rounds.GetValueOrDefault(call, "")}";
        return until with { Condition = until.Condition with { Name = Until.Verdict, Value = "pass" }, AtMost = until.AtMost with { Value = "1" }, Is = null };
    }
}
