using System.Globalization;

namespace HilRig.Model.Sequences;

/// <summary>Numbers and times as people write them in YAML.</summary>
public static class Quantity
{
    /// <summary>What may be written for a number.</summary>
    public const string NumberForm = "a number such as 8192 or 0x2000";

    /// <summary>What may be written for a time.</summary>
    public const string TimeForm = "a time with its unit such as 50ms or 5s";

    /// <summary>Decimal or 0x-hexadecimal, 32 bits.</summary>
    public static bool TryNumber(string text, out uint value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>A number followed by ms, s, min or h.</summary>
    public static bool TryTime(string text, out TimeSpan value)
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
