using System.Reflection;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Model;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Steps;

/// <summary>A step of a sequence with its arguments read: ready to be executed any number of times.</summary>
/// <param name="Arguments">As one line, for people.</param>
public sealed record BoundStep(string Name, string Arguments, IStep Step);

/// <summary>An argument that a step may have.</summary>
/// <param name="Type">Of its value, without the null of an optional one.</param>
public sealed record ArgumentDefinition(string Name, Type Type, bool HasDefaultValue)
{
    public static ArgumentDefinition Of(ParameterInfo parameter) =>
        new(KebabCase.From(parameter.Name!), Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType, parameter.HasDefaultValue);
}

/// <summary>Turns the words of a sequence into steps. All of them are bound before cycle 1, so that a typo costs a second, not a night.</summary>
public static class StepBinder
{
    private static readonly IReadOnlyDictionary<string, ConstructorInfo> Known = typeof(IStep).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(IStep)) && type is { IsClass: true, IsPublic: true })
        .ToDictionary(type => KebabCase.From(type.Name[..^"Step".Length]), type => type.GetConstructors()[0]);

    /// <summary>Names of all steps, in order.</summary>
    public static IReadOnlyList<string> Names => [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Steps by name, in order, with the arguments that each may have.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ArgumentDefinition>> Arguments { get; } = new SortedDictionary<string, IReadOnlyList<ArgumentDefinition>>(
        Known.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<ArgumentDefinition>)[.. pair.Value.GetParameters().Select(ArgumentDefinition.Of)]),
        StringComparer.Ordinal);

    /// <summary>Binds every step that any cycle may draw and checks it against place and image; throws at the first mistake.</summary>
    public static IReadOnlyDictionary<StepCall, BoundStep> BindAll(Variants variants, Place place, RunImages images)
    {
        var sequence = variants.Sequence;
        if (sequence.BoardType != place.Board.Name)
            throw new BadInputException($"{sequence.File}: the sequence is for board `{sequence.BoardType}`, place {place.Name} has `{place.Board.Name}`");
        var bound = new Dictionary<StepCall, BoundStep>(ReferenceEqualityComparer.Instance as IEqualityComparer<StepCall>);
        foreach (var variant in variants.All.Prepend(variants.Usual))
        {
            foreach (var (call, bind) in Bindings(variant.Nodes))
            {
                var step = bind();
                if (Refusal(call, step, place, images.For(variant)) is { } refusal)
                    throw refusal;
                bound[call] = step;
            }
        }
        return bound;
    }

    /// <summary>Why a place cannot do a sequence that is sound, in words; null where it can.</summary>
    public static string? FindRefusal(Variants variants, Place place, RunImages images) => variants.All.Prepend(variants.Usual)
        .SelectMany(variant => Bindings(variant.Nodes).Select(binding => Refusal(binding.Call, binding.Bind(), place, images.For(variant))))
        .FirstOrDefault(refusal => refusal is not null)?.Message;

    private static BadInputException? Refusal(StepCall call, BoundStep step, Place place, Image? image) =>
        step.Step.Refuse(place, image) is { } refusal ? call.Position.Error($"`{call.Name}` cannot work here: {refusal}") : null;

    /// <summary>Every step that may be walked, with what binds it.</summary>
    public static IEnumerable<(StepCall Call, Func<BoundStep> Bind)> Bindings(IEnumerable<SequenceNode> nodes) => nodes.SelectMany(node => node switch
    {
        StepCall call => [(call, () => Bind(call))],
        Expect expect => [(expect.Step, () => ExpectedStatus.On(Bind(expect.Step), expect.Status))],
        Until until => Bindings(until.Children).Append((until.Unmet, () => UnmetUntil.Of(until))),
        _ => Bindings(node.Children),
    });

    /// <summary>A sequence that came over a network may name no file of this machine.</summary>
    public static void RefuseFiles(Variants variants)
    {
        foreach (var (call, _) in variants.All.Prepend(variants.Usual).SelectMany(variant => Bindings(variant.Nodes)))
        {
            var files = Arguments.GetValueOrDefault(call.Name, []).Where(argument => argument.Type == typeof(BesideFile)).Select(argument => argument.Name);
            if (call.Arguments.FirstOrDefault(argument => files.Contains(argument.Name)) is { } file)
                throw file.Position.Error($"`{file.Name}` of `{call.Name}`: a server's order has no files beside it; run the sequence by `./rig agent run` where the file is");
        }
    }

    /// <summary>Arguments as one line.</summary>
    public static string Words(IEnumerable<StepArgument> arguments) => string.Join(" ", arguments.Select(argument => $"{argument.Name}={argument.Value}"));

    /// <summary>Binds one step.</summary>
    public static BoundStep Bind(StepCall call)
    {
        if (!Known.TryGetValue(call.Name, out var constructor))
            throw call.Position.Error($"unknown step `{call.Name}`; {Suggestion.For(call.Name, [.. Names])}");
        var parameters = constructor.GetParameters();
        var names = parameters.Select(parameter => KebabCase.From(parameter.Name!)).ToArray();
        foreach (var argument in call.Arguments)
        {
            if (!names.Contains(argument.Name))
                throw argument.Position.Error($"`{call.Name}` has no argument `{argument.Name}`; {Suggestion.For(argument.Name, names)}");
        }
        var values = parameters.Select((parameter, index) => Value(call, parameter, names[index])).ToArray();
        return new BoundStep(call.Name, Words(call.Arguments), (IStep)constructor.Invoke(values));
    }

    private static object? Value(StepCall call, ParameterInfo parameter, string name)
    {
        var argument = call.Arguments.FirstOrDefault(candidate => candidate.Name == name);
        if (argument is not null)
            return ArgumentValue.Read(argument, call.Name, Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType);
        return parameter.HasDefaultValue
            ? parameter.DefaultValue
            : throw call.Position.Error($"`{call.Name}` needs `{name}`, {ArgumentValue.Expectation(parameter.ParameterType)}: `{call.Name}: {{{name}: …}}`");
    }
}
