using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>until: {verdict: pass, at-most: 20, steps: […]}</c>; or <c>status: 10203</c>, or <c>measured: NAME, is: 1</c>.</summary>
internal static class UntilReader
{
    public static SequenceNode Read(StepReader reader, YamlNode node, SourcePosition position)
    {
        var options = reader.Options(node, "until", Until.Verdict, Until.Status, Until.Measured, "is", "at-most", "steps");
        var conditions = new[] { Until.Verdict, Until.Status, Until.Measured }
            .Select(key => reader.OptionOrNone(options, key))
            .OfType<StepArgument>()
            .ToList();
        if (conditions.Count != 1)
            throw options.Error(reader.File, "`until` waits for one thing: `verdict: pass`, `status: 10203`, or `measured: NAME` with `is: VALUE`");
        var value = reader.OptionOrNone(options, "is");
        if (value is null == (conditions[0].Name == Until.Measured))
            throw options.Error(reader.File, "`measured` and `is` belong together: `measured: flash-security-state, is: 1`");
        return new Until(conditions[0], value, reader.Option(options, "until", "at-most"), reader.Block(options, "until"), position);
    }
}
