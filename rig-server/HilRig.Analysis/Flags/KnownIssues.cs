using System.Globalization;
using HilRig.Model;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Analysis.Flags;

/// <summary>The rules of known issues. A rule without an owner or an end is refused: it would be forgotten.</summary>
public sealed class KnownIssues(IReadOnlyList<KnownIssue> rules)
{
    public IReadOnlyList<KnownIssue> Rules => rules;

    /// <summary>Reads <c>known-issues:</c>, a list of id, fingerprint, release (optional), owner, expires (yyyy-MM-dd). Throws <see cref="BadInputException"/>.</summary>
    public static KnownIssues Parse(string file, string text)
    {
        var root = YamlReading.LoadMapping(file, text);
        root.AllowOnly(file, "a file of known issues", "known-issues");
        return root.Find("known-issues") is YamlSequenceNode list
            ? new KnownIssues([.. list.Children.Select(node => Rule(node as YamlMappingNode ?? throw node.Error(file, "a known issue is a list of names with values"), file))])
            : throw BadInputException.At(file, 1, 1, "`known-issues:` must be a list");
    }

    /// <summary>The rule that holds for a fingerprint of a release on this day; a flag is never hidden by one.</summary>
    public KnownIssue? Find(Fingerprint fingerprint, string release, DateOnly today) =>
        rules.FirstOrDefault(rule => today < rule.Expires && (rule.Release ?? release) == release && Matches(rule.Fingerprint, fingerprint.Key));

    /// <remarks>A history in CSV does not tell the operation: there the key has a star as well.</remarks>
    private static bool Matches(string pattern, string key) =>
        pattern.Split('/') is var wanted && key.Split('/') is var found
        && wanted.Length == found.Length
        && wanted.Zip(found).All(part => part.First == "*" || part.Second == "*" || part.First == part.Second);

    private static KnownIssue Rule(YamlMappingNode node, string file)
    {
        node.AllowOnly(file, "a known issue", "id", "fingerprint", "release", "owner", "expires");
        var expires = Required("expires");
        var fingerprint = Required("fingerprint");
        if (fingerprint.Split('/') is not ["f1", _, _, _])
            throw node.Find("fingerprint")!.Error(file, $"`fingerprint` must be `f1/step/operation/code`, not `{fingerprint}`");
        return new KnownIssue(
            Required("id"),
            fingerprint,
            node.Find("release")?.Scalar(file, "release"),
            Required("owner"),
            DateOnly.TryParseExact(expires, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : throw node.Find("expires")!.Error(file, $"`expires` must be a day such as 2027-03-31, not `{expires}`"));

        string Required(string key) =>
            node.Find(key)?.Scalar(file, key) is { Length: > 0 } value ? value : throw node.Error(file, $"a known issue needs `{key}`");
    }
}
