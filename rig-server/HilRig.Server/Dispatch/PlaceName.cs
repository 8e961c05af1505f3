using System.Text.RegularExpressions;

namespace HilRig.Server.Dispatch;

/// <summary>What a place may be called: its name stands in run ids and URLs.</summary>
public static partial class PlaceName
{
    public const string Rule = "a place's name is 1 to 64 letters, digits, `-`, `_` or `.`, the first a letter or digit";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Pattern();
}
