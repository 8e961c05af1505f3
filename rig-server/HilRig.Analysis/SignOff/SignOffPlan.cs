using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Analysis.SignOff;

/// <summary>How the number of cycles is decided.</summary>
public enum StoppingRule
{
    /// <summary>A number of cycles computed before the first; cheapest.</summary>
    Fixed,

    /// <summary>As soon as the anytime bound lies below the limit; may be looked at whenever one likes.</summary>
    Anytime,
}

/// <summary>What shall be claimed of a release and how it will be decided; fixed before the first sample.</summary>
/// <param name="Limit">The failure probability of a cycle to be excluded.</param>
/// <param name="AllowedFailures">Product failures up to which the claim may still be made; 0 with the fixed rule is the zero-failure plan.</param>
/// <param name="Places">The boards that take part; each must.</param>
/// <param name="Mix">Sequences by name with the least share of the cycles each must have, 0 to 1.</param>
/// <param name="MostVoided">Share of cycles that may be left out as the rig's; above it the sign-off is void.</param>
public sealed record SignOffPlan(
    string Release,
    double Limit,
    double Confidence,
    StoppingRule Rule,
    int AllowedFailures,
    IReadOnlyList<string> Places,
    IReadOnlyDictionary<string, double> Mix,
    double MostVoided)
{
    /// <summary>SHA-256 of the plan as JSON.</summary>
    [JsonIgnore]
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    /// <summary>Countable cycles after which the claim can be made with no failure more than those allowed.</summary>
    [JsonIgnore]
    public long Cycles => Rule is StoppingRule.Anytime ? AnytimeBound.Cycles(AllowedFailures, Limit, Confidence) : ZeroFailurePlan.Cycles(AllowedFailures, Limit, Confidence);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Options);

    public static SignOffPlan FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<SignOffPlan>(json, Dossier.Strict)!;

    /// <summary>The fields in which the other plan differs, each in words.</summary>
    public IReadOnlyList<string> Differences(SignOffPlan other)
    {
        var (mine, theirs) = (JsonDocument.Parse(ToJson()).RootElement, JsonDocument.Parse(other.ToJson()).RootElement);
        return [.. mine.EnumerateObject()
            .Where(field => field.Value.GetRawText() != theirs.GetProperty(field.Name).GetRawText())
            .Select(field => $"`{field.Name}` was {field.Value.GetRawText()} and now is {theirs.GetProperty(field.Name).GetRawText()}")];
    }

    /// <summary>Reads a plan file; throws <see cref="BadInputException"/> with the place of the first mistake.</summary>
    public static SignOffPlan Parse(string file, string text)
    {
        var root = YamlReading.LoadMapping(file, text);
        root.AllowOnly(file, "a sign-off plan", "release", "limit", "confidence", "rule", "allowed-failures", "places", "mix", "most-voided");
        var rule = root.Find("rule")?.Scalar(file, "rule") ?? "fixed";
        return new SignOffPlan(
            root.Find("release")?.Scalar(file, "release") ?? throw BadInputException.At(file, 1, 1, "`release:` is missing"),
            Share("limit", null),
            Share("confidence", 0.95),
            rule switch
            {
                "fixed" => StoppingRule.Fixed,
                "anytime" => StoppingRule.Anytime,
                _ => throw root.Find("rule")!.Error(file, $"`rule` must be fixed or anytime, not `{rule}`"),
            },
            root.Find("allowed-failures") is { } allowed
                ? int.TryParse(allowed.Scalar(file, "allowed-failures"), NumberStyles.None, CultureInfo.InvariantCulture, out var failures)
                    ? failures : throw allowed.Error(file, "`allowed-failures` must be a whole number, 0 or more")
                : 0,
            root.Find("places") is YamlSequenceNode { Children.Count: > 0 } places
                ? [.. places.Children.Select(place => place.Scalar(file, "places")).Order(StringComparer.Ordinal)]
                : throw BadInputException.At(file, 1, 1, "`places:` must list the boards that take part"),
            root.Find("mix") is YamlMappingNode { Children.Count: > 0 } mix
                ? new SortedDictionary<string, double>(mix.Children.ToDictionary(pair => pair.Key.Scalar(file, "mix"), pair => Number(pair.Value, "mix", 1)), StringComparer.Ordinal)
                : throw BadInputException.At(file, 1, 1, "`mix:` must name each sequence with the least share of the cycles it shall have"),
            Share("most-voided", 0.02));

        double Share(string key, double? otherwise) =>
            root.Find(key) is { } node ? Number(node, key, 0.999999)
            : otherwise ?? throw BadInputException.At(file, 1, 1, $"`{key}:` is missing");

        double Number(YamlNode node, string key, double most) =>
            double.TryParse(node.Scalar(file, key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= most
                ? value
                : throw node.Error(file, $"`{key}` must lie between 0 and 1");
    }
}
