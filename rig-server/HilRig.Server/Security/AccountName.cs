using System.Text.RegularExpressions;

namespace HilRig.Server.Security;

/// <summary>What people, agents and machines may be called: the name stands in the audit and in addresses.</summary>
public static partial class AccountName
{
    public const string Rule = "a name is 1 to 64 letters, digits, `-`, `_`, `.` or `@`, the first a letter or digit";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\z")]
    private static partial Regex Pattern();
}
