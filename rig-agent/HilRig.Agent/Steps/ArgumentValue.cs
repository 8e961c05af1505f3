using HilRig.Agent.Places;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Steps;

/// <summary>Text of an argument to the type that its step wants.</summary>
public static class ArgumentValue
{
    public static object Read(StepArgument argument, string step, Type type)
    {
        if (type == typeof(uint) && YamlValues.TryNumber(argument.Value, out var number))
            return number;
        if (type == typeof(TimeSpan) && YamlValues.TryDuration(argument.Value, out var duration))
            return duration;
        if (type == typeof(string))
            return argument.Value;
        if (type.IsEnum && Words(type).TryGetValue(argument.Value, out var word))
            return word;
        var hint = type.IsEnum ? Suggestion.For(argument.Value, Words(type).Keys) : $"expected {Expectation(type)}";
        throw argument.Position.Error($"`{argument.Name}` of `{step}` cannot be `{argument.Value}`; {hint}");
    }

    /// <summary>What a person may write for a value of this type.</summary>
    public static string Expectation(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(uint) ? "a number such as 8192 or 0x2000"
            : plain == typeof(TimeSpan) ? "a time with its unit such as 50ms or 5s"
            : plain.IsEnum ? $"one of {string.Join(", ", Words(plain).Keys)}"
            : "a text";
    }

    private static Dictionary<string, object> Words(Type type) =>
        Enum.GetValues(type).Cast<object>().ToDictionary(value => KebabCase.From(value.ToString()!));
}
