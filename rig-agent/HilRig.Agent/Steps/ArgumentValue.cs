using HilRig.Agent.Places;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Steps;

/// <summary>Text of an argument to the type that its step wants.</summary>
public static class ArgumentValue
{
    public static object Read(StepArgument argument, string step, Type type)
    {
        if (type == typeof(uint) && Quantity.TryNumber(argument.Value, out var number))
            return number;
        if (type == typeof(TimeSpan) && Quantity.TryTime(argument.Value, out var duration))
            return duration;
        if (type == typeof(string))
            return argument.Value;
        if (type.IsEnum && Words(type).TryGetValue(argument.Value, out var word))
            return word;
        var hint = type.IsEnum ? Suggestion.For(argument.Value, Words(type).Keys) : $"expected {Expectation(type)}";
        var origin = argument.Reference is { } parameter ? $" (the value of `{parameter}`)" : "";
        throw argument.Position.Error($"`{argument.Name}` of `{step}` cannot be `{argument.Value}`{origin}; {hint}");
    }

    /// <summary>What a person may write for a value of this type.</summary>
    public static string Expectation(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(uint) ? Quantity.NumberForm
            : plain == typeof(TimeSpan) ? Quantity.TimeForm
            : plain.IsEnum ? $"one of {string.Join(", ", Words(plain).Keys)}"
            : "a text";
    }

    /// <summary>The words that stand for the values of an enumeration.</summary>
    internal static Dictionary<string, object> Words(Type type) =>
        Enum.GetValues(type).Cast<object>().ToDictionary(value => KebabCase.From(value.ToString()!));
}
