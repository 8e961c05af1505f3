using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>repeat: {times: 3, steps: […]}</c>.</summary>
internal static class RepeatReader
{
    public static SequenceNode Read(StepReader reader, YamlNode node, SourcePosition position)
    {
        var options = reader.Options(node, "repeat", "times", "steps");
        return new Repeat(reader.Option(options, "repeat", "times"), reader.Block(options, "repeat"), position);
    }
}
