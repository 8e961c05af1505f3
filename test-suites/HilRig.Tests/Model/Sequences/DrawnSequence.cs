using FsCheck;
using FsCheck.Fluent;
using HilRig.Model.Sequences;

namespace HilRig.Tests.Model.Sequences;

/// <summary>Draws sequences with every construct in every place, and texts that YAML finds hard.</summary>
internal static class DrawnSequence
{
    private static readonly SourcePosition Nowhere = new("s.yaml", 1, 1);
    private static readonly string[] Parameters = ["address", "way", "pause"];
    private static readonly string[] Awkward =
        ["", " ", "~", "null", "true", "no", "0x10", "1e3", "-", "- a", "a: b", "a #b", "#", "'", "\"", "\\", "{x}", "[x]", "a,b", "*a", "&a", "!t", "|", ">", "%", "@", "`", "é漢", "a\nb", "\n", "a\tb", " a ", "a  b", "---", "...", "\u0085", "\u00a0", "?", "<<", "=", "2026-01-01"];

    public static Gen<Sequence> Any { get; } =
        from name in Text
        from question in Text
        from board in Text
        from cycles in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(1, 1_000_000).Select(number => (int?)number))
        from image in Image
        from matrix in Gen.OneOf(Gen.Constant((Matrix?)null), Matrix)
        from setup in Nodes(2)
        from steps in Nodes(3).Where(nodes => nodes.Count > 0)
        from onFailure in Nodes(1)
        from cleanup in Nodes(1)
        select new Sequence(name, question, board, cycles, image, Declared, matrix, setup, steps, onFailure, cleanup, "s.yaml", "");

    private static IReadOnlyList<Parameter> Declared =>
    [
        new("address", Argument("default", "0x1000A000"), ParameterUnit.Address, Nowhere),
        new("way", Argument("default", "a: #b"), ParameterUnit.Text, Nowhere),
        new("pause", Argument("default", "50ms"), ParameterUnit.Time, Nowhere),
    ];

    private static Gen<string> Text => Gen.OneOf(
        Gen.Elements(Awkward),
        Gen.Elements("ping", "update", "reset", "10203", "5s", "a.bin"),
        Gen.Elements(Awkward).Two().Select(pair => pair.Item1 + pair.Item2));

    /// <summary>A value of a step: anything, or a reference.</summary>
    private static Gen<string> Value => Gen.Frequency((4, Text), (1, Gen.Elements(Parameters).Select(name => $"${name}")));

    private static Gen<ImageSource?> Image => Gen.OneOf(
        Gen.Constant((ImageSource?)null),
        Text.Select(file => (ImageSource?)new ImageSource(Argument("file", file), null, null, null)),
        Text.Select(size => (ImageSource?)new ImageSource(null, Argument("size", size), Argument("seed", "7"), Argument("address", "$address"))));

    private static Gen<Matrix?> Matrix =>
        from cover in Gen.Elements(Enum.GetValues<Cover>())
        from addresses in Gen.Choose(1, 4)
        from ways in Gen.Elements(Awkward.Where(text => text.Length > 0).ToArray()).ListOf().Select(list => list.Distinct().Take(5).ToList()).Where(list => list.Count > 0)
        select new Matrix(
            cover,
            [
                new MatrixAxis("address", [.. Enumerable.Range(1, addresses).Select(address => Argument("address", $"0x{address:X}000"))], Nowhere),
                new MatrixAxis("way", [.. ways.Select(way => Argument("way", way))], Nowhere),
            ],
            Nowhere);

    private static Gen<IReadOnlyList<SequenceNode>> Nodes(int depth) =>
        Gen.Choose(0, 3).SelectMany(count => Node(depth).ListOf(count)).Select(nodes => (IReadOnlyList<SequenceNode>)[.. nodes]);

    private static Gen<IReadOnlyList<SequenceNode>> Block(int depth) => Nodes(depth).Where(nodes => nodes.Count > 0);

    private static Gen<SequenceNode> Node(int depth) => depth == 0 ? Call.Select(call => (SequenceNode)call) : Gen.Frequency(
        (4, Call.Select(call => (SequenceNode)call)),
        (1, from weights in Gen.Choose(1, 1000).Two()
            from one in Nodes(depth - 1)
            from other in Nodes(depth - 1)
            select (SequenceNode)new Choose([new ChooseBranch(weights.Item1, one), new ChooseBranch(weights.Item2 % 3 + 1, other)], Nowhere)),
        (1, from one in Nodes(depth - 1)
            from other in Nodes(depth - 1)
            select (SequenceNode)new Shuffle([one, other], Nowhere)),
        (1, from times in Gen.Choose(1, 10_000)
            from steps in Block(depth - 1)
            select (SequenceNode)new Repeat(Argument("times", $"{times}"), steps, Nowhere)),
        (1, from condition in Gen.OneOf(
                Gen.Elements("pass", "fail", "inconclusive").Select(verdict => (Argument("verdict", verdict), (StepArgument?)null)),
                Value.Select(status => (Argument("status", status), (StepArgument?)null)),
                Text.Select(name => (Argument("measured", name), (StepArgument?)Argument("is", "-1.5"))))
            from most in Gen.Choose(1, 10_000)
            from steps in Block(depth - 1)
            select (SequenceNode)new Until(condition.Item1, condition.Item2, Argument("at-most", $"{most}"), steps, Nowhere)),
        (1, from status in Value
            from step in Call
            select (SequenceNode)new Expect(Argument("status", status), step, Nowhere)));

    private static Gen<StepCall> Call =>
        from name in Gen.OneOf(Text.Where(text => text.Length > 0), Gen.Elements("steps", "weight"))
        from values in Value.ListOf()
        select new StepCall(name, [.. values.Take(3).Select((value, index) => Argument(index == 0 ? "by" : $"argument-{index}", value))], Nowhere);

    private static StepArgument Argument(string name, string value) => new(name, value, Nowhere);
}
