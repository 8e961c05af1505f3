using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace HilRig.Server.Security;

/// <summary>Random texts that open something, of which only the digest is kept.</summary>
internal static class Secret
{
    /// <summary>256 random bits as text for addresses and headers.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 in hex; nobody guesses 256 bits, so a slow hash would only cost time.</summary>
    public static string DigestOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Takes the same time wherever the two differ.</summary>
    public static bool Matches(string secret, string digest) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(DigestOf(secret)), Encoding.ASCII.GetBytes(digest));
}
