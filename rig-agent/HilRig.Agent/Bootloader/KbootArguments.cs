using System.CommandLine;
using HilRig.Agent.Places;
using HilRig.Kboot;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Bootloader;

/// <summary>Arguments of the <c>kboot</c> verbs.</summary>
internal static class KbootArguments
{
    /// <summary>A number as people write addresses: <c>0x1000A000</c> or <c>4096</c>.</summary>
    public static Argument<uint> Number(string name, string description, uint? fallback = null)
    {
        var argument = new Argument<uint>(name)
        {
            Description = description,
            CustomParser = result =>
            {
                if (Quantity.TryNumber(result.Tokens[0].Value, out var value))
                    return value;
                result.AddError($"{name} {result.Tokens[0].Value}: expected a number such as 0x1000A000 or 4096");
                return 0;
            },
        };
        if (fallback is { } value)
            argument.DefaultValueFactory = _ => value;
        return argument;
    }

    /// <summary>A property by name or number.</summary>
    public static Argument<PropertyTag> Property() => new("TAG")
    {
        // Without it the help lists every property in place of the argument.
        HelpName = "TAG",
        Description = "a property's number or name, for example 1 or BootloaderVersion",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Quantity.TryNumber(text, out var number))
                return (PropertyTag)number;
            if (Enum.TryParse<PropertyTag>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var tag))
                return tag;
            result.AddError($"TAG {text}: expected a number or one of {string.Join(", ", Enum.GetNames<PropertyTag>())}");
            return default;
        },
    };

    public static Argument<string> File(string description) => new("FILE") { Description = description };
}
