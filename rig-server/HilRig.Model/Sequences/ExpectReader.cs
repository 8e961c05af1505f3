using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>expect: {status: 10200, step: {…}}</c>.</summary>
internal static class ExpectReader
{
    public static SequenceNode Read(StepReader reader, YamlNode node, SourcePosition position)
    {
        var options = reader.Options(node, "expect", "status", "step");
        var step = options.Find("step") ?? throw options.Error(reader.File, "`expect` needs `step:`, the one step that the board must refuse");
        return reader.Node(step) is StepCall call
            ? new Expect(reader.Option(options, "expect", "status"), call, position)
            : throw step.Error(reader.File, "`expect` takes one step, no construct: the board refuses one command");
    }
}
