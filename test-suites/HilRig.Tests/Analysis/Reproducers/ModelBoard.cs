using HilRig.Analysis.Reproducers;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Tests.Analysis.Reproducers;

/// <summary>A board of a few rules that makes the events of a run: line, image and parameters as an agent would record them, and updates that fail when a test says so.</summary>
/// <param name="file">The image where the sequence makes none.</param>
/// <param name="fails">Asked before each update.</param>
internal sealed class ModelBoard(string file, int bytes, Func<ModelBoard.State, bool> fails)
{
    public static Failure Busy { get; } = new("write-memory", "10203", "", "busy");

    public IReadOnlyList<RunEvent> Run(string runId, string place, string text, int cycles, long seed, DateTimeOffset at)
    {
        var events = new List<RunEvent>();
        var sequence = SequenceFile.Parse("model", text);
        var variants = Variants.Of(sequence);
        var (baud, next, gap, previous, updates, verdict) = ("57600", "57600", "none", "none", 0, Verdict.Pass);
        Add(new RunStarted(sequence.Name, "d1", "r1", "1f0c", place, "kv58", "id-" + place, "bench-1", file, "77aa", cycles, seed, new Dictionary<string, string>()));
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            var variant = variants.ForCycle(seed, cycle);
            var (walk, failed, index) = (CycleWalk.Of(variant.Steps, seed, cycle), false, 0);
            var image = variant.Image?.Size is { } size ? new CycleImage($"made-{size.Value}-{variant.Image.Seed?.Value ?? "1"}", null) : new CycleImage(file, bytes);
            Add(new CycleStarted(cycle));
            StepEnded? ended = null;
            while (!failed && walk.Next(ended) is { } call)
            {
                var arguments = call.Arguments.ToDictionary(argument => argument.Name, argument => argument.Value);
                next = call.Name == "set-baud" ? arguments["to"] : next;
                gap = call.Name == "gap" ? GapOf(arguments) : gap;
                var conditions = new Dictionary<string, string>(variant.Parameters.Select(pair => KeyValuePair.Create(ConditionVocabulary.OfParameter(pair.Key), pair.Value)))
                {
                    [ConditionVocabulary.Baud] = baud, [ConditionVocabulary.Gap] = gap, [ConditionVocabulary.Image] = image.Name, [ConditionVocabulary.PreviousStep] = previous,
                    [ConditionVocabulary.UpdatesSinceReset] = $"{updates}", [ConditionVocabulary.Board] = place,
                };
                failed = call.Name == "update" && fails(new State(baud, gap, image, updates, variant.Parameters));
                (baud, updates) = call.Name == "reset" ? (next, 0) : (baud, call.Name == "update" ? updates + 1 : updates);
                ended = new StepEnded(
                    cycle, index++, StepPhase.Steps, call.Name, string.Join(' ', call.Arguments.Select(argument => $"{argument.Name}={argument.Value}")),
                    failed ? Verdict.Fail : Verdict.Pass, failed ? Layer.Product : Layer.None, failed ? Busy : null, 10, false, conditions,
                    call.Name == "update" ? new Dictionary<string, double> { ["bytes"] = image.Size!.Value } : [], []);
                previous = call.Name;
                Add(ended);
            }
            verdict = verdict.Worst(failed ? Verdict.Fail : Verdict.Pass);
            Add(new CycleEnded(cycle, failed ? Verdict.Fail : Verdict.Pass, failed ? Layer.Product : Layer.None));
        }
        Add(new RunEnded(verdict, EndReason.Completed, ""));
        return events;

        void Add(RunEventBody body) => events.Add(new RunEvent(runId, events.Count + 1, at = at.AddSeconds(1), body));
    }

    private static string GapOf(Dictionary<string, string> arguments)
    {
        var pauses = new[] { "between", "inside" }.Select(name => (Name: name, Time: Quantity.TryTime(arguments.GetValueOrDefault(name, "0ms"), out var time) ? time : default)).Where(pause => pause.Time > TimeSpan.Zero);
        return string.Join(", ", pauses.Select(pause => $"{pause.Name} {pause.Time.TotalMilliseconds:0.###} ms")) is { Length: > 0 } text ? text : "none";
    }

    /// <param name="Updates">Since the last reset.</param>
    internal sealed record State(string Baud, string Gap, CycleImage Image, int Updates, IReadOnlyDictionary<string, string> Parameters);
}
