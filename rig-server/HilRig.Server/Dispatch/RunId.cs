using System.Security.Cryptography;

namespace HilRig.Server.Dispatch;

/// <summary>Names for runs: <c>r-20260121-220000-kv58-1-9f3a</c>, sorted by time, readable aloud.</summary>
public static class RunId
{
    public static string New(string place, DateTimeOffset at) =>
        $"r-{at.UtcDateTime:yyyyMMdd-HHmmss}-{place}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
}
