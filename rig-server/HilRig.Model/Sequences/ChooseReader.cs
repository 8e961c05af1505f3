using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>choose: [branch, branch, …]</c>; a branch is one step, a list of steps, or <c>{weight: 2, steps: […]}</c>.</summary>
internal static class ChooseReader
{
    private const int MostWeight = 1000;

    public static SequenceNode Read(StepReader reader, YamlNode node, SourcePosition position)
    {
        if (node is not YamlSequenceNode { Children.Count: > 1 } list)
            throw node.Error(reader.File, "`choose` needs a list of at least two branches");
        return new Choose([.. list.Children.Select(child => Branch(reader, child))], position);
    }

    private static ChooseBranch Branch(StepReader reader, YamlNode node)
    {
        if (node is not YamlMappingNode mapping || mapping.Find("steps") is not { } steps)
            return new ChooseBranch(1, reader.Group(node, "choose"));
        mapping.AllowOnly(reader.File, "a branch", "weight", "steps");
        return new ChooseBranch(reader.OptionOrNone(mapping, "weight")?.WholeNumber(MostWeight) ?? 1, reader.List(steps, "steps"));
    }
}
