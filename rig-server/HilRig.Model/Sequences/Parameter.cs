namespace HilRig.Model.Sequences;

/// <summary>What the value of a parameter is.</summary>
public enum ParameterUnit
{
    /// <summary>A word.</summary>
    Text,

    /// <summary>A number without a unit.</summary>
    Number,

    /// <summary>An address in the board's memory.</summary>
    Address,

    /// <summary>A count of bytes.</summary>
    Bytes,

    /// <summary>A serial speed.</summary>
    Baud,

    /// <summary>A time with its unit.</summary>
    Time,
}

/// <summary>A value with a name. Steps refer to it by <c>$name</c>, always to the whole of it.</summary>
/// <param name="Default">Its value unless the caller or a matrix gives another.</param>
public sealed record Parameter(string Name, StepArgument Default, ParameterUnit Unit, SourcePosition Position)
{
    /// <summary>How a value refers to a parameter.</summary>
    public const char Sign = '$';

    /// <summary>What this may be.</summary>
    public string Form => Unit switch
    {
        ParameterUnit.Text => "a text",
        ParameterUnit.Time => Quantity.TimeForm,
        _ => Quantity.NumberForm,
    };

    /// <summary>Whether it can have this value.</summary>
    public bool Takes(string value) => !value.StartsWith(Sign) && Unit switch
    {
        ParameterUnit.Text => value.Length > 0,
        ParameterUnit.Time => Quantity.TryTime(value, out _),
        _ => Quantity.TryNumber(value, out _),
    };

    /// <summary>The value, where it can have it.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    internal StepArgument Checked(StepArgument value) =>
        Takes(value.Value)
            ? value
            : throw value.Position.Error($"parameter `{Name}` ({Unit.ToString().ToLowerInvariant()}) cannot be `{value.Value}`; expected {Form}");
}
