using System.Security.Cryptography;
using System.Text;

namespace HilRig.Agent.Running;

/// <summary>SHA-256 in lower-case hex, the name of everything content-addressed.</summary>
public static class Digest
{
    public static string OfText(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
