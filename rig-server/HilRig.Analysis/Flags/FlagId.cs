using System.Security.Cryptography;
using System.Text;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>Names a flag by what it is about, so that it is the same after a restart and fits into a URL.</summary>
internal static class FlagId
{
    /// <summary>What the id is made of. A change of the fields below is a new version, and old links then lead nowhere on purpose.</summary>
    private const string Version = "1";

    /// <summary>A readable part and 8 hex digits of the whole: <c>kboot-2-0-re-update-update-10203-5d41402a</c>.</summary>
    public static string Of(string release, string sequence, string revision, Fingerprint fingerprint, Blame blame)
    {
        var readable = $"{release} {sequence} {fingerprint.Step} {fingerprint.Code}";
        var whole = string.Join('\n', [Version, release, sequence, .. revision.Length == 0 ? Array.Empty<string>() : [revision], fingerprint.Key, $"{blame}"]);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(whole));
        return $"{Slug(readable)}-{Convert.ToHexStringLower(digest.AsSpan(0, 4))}";
    }

    private static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var character in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character))
                slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString().Trim('-');
    }
}
