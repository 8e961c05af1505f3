namespace HilRig.Agent.Characterisation;

/// <summary>One thing that a chip or its bootloader says of itself, beside what is assumed of it.</summary>
/// <param name="Group"><c>debug port</c>, <c>core</c>, <c>caches</c>, <c>bootloader</c>, <c>memory</c>, <c>flash times</c>.</param>
/// <param name="Found">In the form in which a board type file would say it.</param>
/// <param name="Assumed">Null where nothing is.</param>
/// <param name="Differs">True where the model or the board type file is to be corrected.</param>
/// <param name="Note">What it means, or why it could not be had; empty where it speaks for itself.</param>
public sealed record Characteristic(string Group, string Name, string? Found, string? Assumed, bool Differs, string Note = "")
{
    /// <summary>A time counts as the same within a factor of two: a data sheet's typical and maximal times lie further apart.</summary>
    private const double TimeTolerance = 2;

    public static Characteristic OfWord(string group, string name, uint found, uint? assumed, string note = "") =>
        new(group, name, Hex(found), assumed is { } word ? Hex(word) : null, assumed is { } expected && expected != found, note);

    public static Characteristic OfTime(string group, string name, TimeSpan found, TimeSpan? assumed) => new(
        group, name, Milliseconds(found), assumed is { } time ? Milliseconds(time) : null,
        assumed is { } expected && (found > expected * TimeTolerance || found * TimeTolerance < expected));

    public static Characteristic Missing(string group, string name, string why) => new(group, name, null, null, false, why);

    private static string Hex(uint word) => $"0x{word:X8}";

    private static string Milliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:0.00}ms");
}
