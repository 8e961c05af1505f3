namespace HilRig.Model.Sequences;

/// <summary>Puts values where a sequence refers to its parameters.</summary>
internal static class Substitution
{
    /// <summary>A rewriting that leaves no reference and no include, and refuses values that a construct cannot have.</summary>
    public static Rewriting By(IReadOnlyDictionary<string, string> values) => new(
        argument => In(argument, values),
        node =>
        {
            node.Check();
            return node is Include include ? include.Steps : [node];
        });

    /// <summary>The argument with the value of the parameter that it refers to; itself where it refers to none.</summary>
    public static StepArgument In(StepArgument argument, IReadOnlyDictionary<string, string> values)
    {
        if (!argument.Value.StartsWith(Parameter.Sign))
            return argument;
        var name = argument.Value[1..];
        return values.TryGetValue(name, out var value)
            ? argument with { Value = value, Reference = argument.Value }
            : throw argument.Position.Error($"no parameter `{name}`; {Suggestion.For(name, [.. values.Keys])}");
    }
}
