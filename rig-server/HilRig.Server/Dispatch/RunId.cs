using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace HilRig.Server.Dispatch;

/// <summary>Names for runs: <c>r-20260121-220000-kv58-1-9f3a</c>, sorted by time, readable aloud.</summary>
public static partial class RunId
{
    public const string Rule = "a run's id is 1 to 200 letters, digits, `-`, `_` or `.`";

    /// <summary>Agents name runs of their own too; an id stands in URLs and file names.</summary>
    public static bool IsValid(string runId) => Pattern().IsMatch(runId);

    public static string New(string place, DateTimeOffset at) =>
        $"r-{at.UtcDateTime:yyyyMMdd-HHmmss}-{place}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,200}\z")]
    private static partial Regex Pattern();
}
