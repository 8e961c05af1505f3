using System.Globalization;
using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Agent.Places;

/// <summary>Typed values of the agent's YAML files; every error names file, line and what was expected.</summary>
public static class YamlValues
{
    public static YamlNode Required(this YamlMappingNode mapping, string file, string key) =>
        mapping.Find(key) ?? throw mapping.Error(file, $"`{key}:` is missing");

    public static YamlMappingNode Mapping(this YamlNode node, string file, string key) =>
        node as YamlMappingNode ?? throw node.Error(file, $"`{key}` must hold `name: value` pairs");

    public static uint Number(this YamlNode node, string file, string key)
    {
        var text = node.Scalar(file, key);
        return TryNumber(text, out var value)
            ? value
            : throw node.Error(file, $"`{key}` must be a number such as 8192 or 0x2000, not `{text}`");
    }

    public static TimeSpan Duration(this YamlNode node, string file, string key)
    {
        var text = node.Scalar(file, key);
        return TryDuration(text, out var value)
            ? value
            : throw node.Error(file, $"`{key}` must be a time with its unit, such as 50ms, 5s or 2min, not `{text}`");
    }

    /// <summary>Decimal or 0x-hexadecimal, 32 bits.</summary>
    public static bool TryNumber(string text, out uint value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>A number followed by ms, s, min or h.</summary>
    public static bool TryDuration(string text, out TimeSpan value)
    {
        value = default;
        var unit = text.TrimStart("0123456789.".ToCharArray());
        var scale = unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.Zero,
        };
        if (scale == TimeSpan.Zero
            || !double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > 1_000_000)
            return false;
        value = scale * count;
        return true;
    }
}
