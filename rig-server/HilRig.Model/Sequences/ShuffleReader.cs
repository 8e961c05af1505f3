using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>shuffle: [step, [steps that stay together], …]</c>.</summary>
internal static class ShuffleReader
{
    public static SequenceNode Read(StepReader reader, YamlNode node, SourcePosition position) =>
        node is YamlSequenceNode { Children.Count: > 1 } list
            ? new Shuffle([.. list.Children.Select(child => reader.Group(child, "shuffle"))], position)
            : throw node.Error(reader.File, "`shuffle` needs a list of at least two entries: steps, or lists of steps that stay together");
}
