using System.Globalization;
using System.Text.RegularExpressions;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Analysis.Reproducers;

/// <summary>
/// An experiment in two arms that differ in one condition and nothing else: as it was when it failed, and otherwise. Both are variants of one sequence, one of each in
/// every two cycles, in an order drawn from the run's seed; board, hour and hub weigh on both alike.
/// </summary>
/// <param name="Condition">What is tried, as a trigger has it: <c>baud=460800</c>; <c>image-size=6144</c> for the size of a file, which a made image takes.</param>
/// <param name="Otherwise">Its value in the other arm.</param>
/// <param name="Experiment">The sequence. Of each axis of its matrix the first value is the first arm's, the last the second's.</param>
public sealed partial record ConditionArms(string Condition, string Otherwise, Sequence Experiment)
{
    /// <summary>The condition that the size of a file stands for: its bytes are not at hand to be made again.</summary>
    public const string ImageSize = "image-size";

    private static readonly string[] Varied = [ConditionVocabulary.Image, ConditionVocabulary.Baud, ConditionVocabulary.Gap];

    /// <summary>True for a condition of the image, of the line, or of a sequence's parameters: what a sequence can set straight away.</summary>
    public static bool CanVary(string name) => Varied.Contains(name) || name.StartsWith(ConditionVocabulary.OfParameter(""), StringComparison.Ordinal);

    /// <summary>Null where the condition is none of those, where no other value is known, or where it does not fit what failed.</summary>
    /// <param name="others">Values that it had in other trials, most of them first.</param>
    /// <param name="kept">The reproducer; parameters are tried in <paramref name="origin"/> instead.</param>
    /// <param name="origin">The sequence that failed; null where only its events are at hand.</param>
    public static ConditionArms? Of(string condition, IReadOnlyList<string> others, FailingCycle failing, Candidate kept, bool switchesPower, Sequence? origin, int cycles)
    {
        if (condition.Split('=', 2) is not [var name, var value] || !CanVary(name) || name.EndsWith('>'))
            return null;
        return name switch
        {
            ConditionVocabulary.Image => OfImage(failing, value, others, kept, switchesPower, cycles),
            ConditionVocabulary.Baud => others.FirstOrDefault(IsRate) is { } rate && IsRate(value) ? OfLine(failing, kept, switchesPower, cycles, condition, rate, "set-baud", [("to", "baud", value, rate)]) : null,
            ConditionVocabulary.Gap => others.Count > 0 && Pauses(value) is { } on && Pauses(others[0]) is { } off
                ? OfLine(failing, kept, switchesPower, cycles, condition, others[0], "gap", [("between", "time", on.Between, off.Between), ("inside", "time", on.Inside, off.Inside)]) : null,
            _ => origin is not null && others.Count > 0 ? OfParameter(origin, condition, name[ConditionVocabulary.OfParameter("").Length..], value, others[0], failing.Parameters, cycles) : null,
        };
    }

    /// <summary>Reads what was ordered before; null for a sequence that is no such experiment.</summary>
    public static ConditionArms? Parse(Sequence sequence) =>
        sequence.Matrix is not null && Asked().Match(sequence.Question) is { Success: true } asked ? new ConditionArms(asked.Groups[1].Value, asked.Groups[2].Value, sequence) : null;

    public string Text => SequencePrinter.Print(Experiment);

    /// <summary>Which cycles of a run are of an arm; those of neither say nothing.</summary>
    /// <param name="isFirst">As it was when it failed.</param>
    public Func<int, bool> CyclesOf(bool isFirst, long seed)
    {
        var variants = Variants.Of(Experiment);
        return cycle => variants.ForCycle(seed, cycle).Parameters is var values
            && Experiment.Matrix!.Axes.All(axis => values[axis.Parameter] == axis.Values[isFirst ? 0 : ^1].Value);
    }

    private static ConditionArms? OfImage(FailingCycle failing, string name, IReadOnlyList<string> others, Candidate kept, bool switchesPower, int cycles)
    {
        if (failing.Image is not { Size: { } size } image || image.Name != name)
            return null;
        var other = others.Select(text => new CycleImage(text, null)).FirstOrDefault(one => one.Size is not null) ?? CycleImage.Of(Math.Max(ValueLadder.SmallestImage, size / 32 * 16), image.Seed);
        if (other.Size == size && other.Seed == image.Seed)
            return null;
        var (condition, otherwise) = image.IsMade ? ($"{ConditionVocabulary.Image}={name}", other.Name) : ($"{ImageSize}={size}", $"{other.Size}");
        return Drawn(
            failing.ToSequence("confirm", Question(condition, otherwise), kept, switchesPower, cycles), [],
            [("size", "bytes", $"{size}", $"{other.Size}"), ("seed", "number", $"{image.Seed}", $"{other.Seed}")],
            condition, otherwise, values => sequence => sequence with { Image = new ImageSource(null, Argument("size", values("size")), Argument("seed", values("seed")), null) });
    }

    /// <summary>The step that sets the line's manner leads every cycle, before the resets that make it hold; those of the failing cycle's own give way to it.</summary>
    private static ConditionArms? OfLine(
        FailingCycle failing, Candidate kept, bool switchesPower, int cycles, string condition, string otherwise, string step, IReadOnlyList<(string Name, string Unit, string On, string Off)> values)
    {
        if (failing.Failing.Name == step)
            return null;
        return Drawn(
            failing.ToSequence("confirm", Question(condition, otherwise), kept, switchesPower, cycles), [step], values, condition, otherwise,
            value => sequence => sequence with { Steps = [new StepCall(step, [.. values.Select(one => Argument(one.Name, value(one.Name)))], At), .. sequence.Steps] });
    }

    /// <param name="given">Steps of this kind are taken out first.</param>
    /// <param name="set">Puts the values, each a parameter's name or the value itself, to where they hold.</param>
    private static ConditionArms? Drawn(
        string text, IReadOnlyList<string> given, IReadOnlyList<(string Name, string Unit, string On, string Off)> values, string condition, string otherwise, Func<Func<string, string>, Func<Sequence, Sequence>> set)
    {
        var sequence = SequenceFile.Parse("confirm", text);
        var varied = values.Where(value => value.On != value.Off).ToList();
        if (varied.Count == 0)
            return null;
        sequence = sequence with
        {
            Steps = [.. sequence.Steps.Where(node => node is not StepCall call || !given.Contains(call.Name))],
            Parameters = [.. varied.Select(value => new Parameter(value.Name, Argument("default", value.On), Enum.Parse<ParameterUnit>(value.Unit, ignoreCase: true), At))],
            Matrix = new Matrix(Cover.All, [.. varied.Select(value => Axis(value.Name, value.On, value.Off))], At),
        };
        return new ConditionArms(condition, otherwise, set(name => varied.Any(value => value.Name == name) ? Parameter.Sign + name : values.First(value => value.Name == name).On)(sequence));
    }

    /// <summary>The sequence that failed, with the values of its parameters as they were then and one of them in two ways.</summary>
    private static ConditionArms? OfParameter(Sequence origin, string condition, string name, string on, string off, IReadOnlyDictionary<string, string> known, int cycles)
    {
        if (origin.Parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } varied || on == off || !varied.Takes(on) || !varied.Takes(off))
            return null;
        var pinned = origin.Parameters.Where(parameter => known.TryGetValue(parameter.Name, out var value) && parameter.Takes(value)).ToDictionary(parameter => parameter.Name, parameter => known[parameter.Name]);
        pinned[name] = on;
        return new ConditionArms(condition, off, origin.With(pinned) with
        {
            Question = Question(condition, off),
            Cycles = cycles,
            Matrix = new Matrix(Cover.All, [Axis(name, on, off)], At),
        });
    }

    private static SourcePosition At { get; } = new("confirm", 1, 1);

    private static StepArgument Argument(string name, string value) => new(name, value, At);

    private static MatrixAxis Axis(string name, string on, string off) => new(name, [Argument(name, on), Argument(name, off)], At);

    private static string Question(string condition, string otherwise) => $"Is it {condition}, or as well with {otherwise}?";

    private static bool IsRate(string text) => Quantity.TryNumber(text, out var rate) && rate > 0;

    /// <summary>The pauses that a condition tells, as arguments have them.</summary>
    private static (string Between, string Inside)? Pauses(string text) =>
        text == "none" ? ("0ms", "0ms")
        : Paused().Match(text) is { Success: true } pause ? (Milliseconds(pause.Groups[1]), Milliseconds(pause.Groups[2]))
        : null;

    private static string Milliseconds(Group group) => (group.Success ? decimal.Parse(group.Value, CultureInfo.InvariantCulture) : 0).ToString(CultureInfo.InvariantCulture) + "ms";

    [GeneratedRegex("^Is it (.+), or as well with (.+)\\?$")]
    private static partial Regex Asked();

    [GeneratedRegex("^(?:between ([0-9.]+) ms)?(?:, )?(?:inside ([0-9.]+) ms)?$")]
    private static partial Regex Paused();
}
