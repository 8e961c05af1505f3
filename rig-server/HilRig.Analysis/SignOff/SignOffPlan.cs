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

/// <summary>What is counted.</summary>
public enum SampleUnit
{
    /// <summary>Each cycle for itself.</summary>
    Cycle,

    /// <summary>The cycles of one board between two times that its power was off, together: dear, and right where failures cluster.</summary>
    Session,
}

/// <summary>What is asked of the exposure of pairs of steps and values of parameters.</summary>
public enum ExposureRule
{
    /// <summary>It is shown, and what it lacks.</summary>
    Shown,

    /// <summary>Each must have had the trials that exclude the limit by themselves.</summary>
    Required,
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
    /// <summary>What is counted: cycles, or power sessions where failures may cluster in them.</summary>
    public SampleUnit Unit { get; init; }

    /// <summary>Most that boards may differ, as standard deviation over mean of their failure probabilities; 0 where they are taken to be alike.</summary>
    public double BoardVariation { get; init; }

    /// <summary>The known-good release whose runs may lie among those of the sign-off, as control; null without one.</summary>
    public string? Golden { get; init; }

    /// <summary>Whether every ordered pair of steps and every parameter's value must have been exercised enough by itself.</summary>
    public ExposureRule Exposure { get; init; }

    /// <summary>The rules by which cycles do not count (<see cref="VoidingRules"/>), by name with version; what they leave out is counted all the same.</summary>
    public IReadOnlyList<string> Voiding { get; init; } = VoidingRules.BeforePlansNamedThem;

    /// <summary>Beyond this a few boards would carry all failures, and no number of cycles helps.</summary>
    private const double MostVariation = 5;

    /// <summary>SHA-256 of the plan as JSON.</summary>
    [JsonIgnore]
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    /// <summary>Countable cycles after which the claim can be made with no failure more than those allowed.</summary>
    [JsonIgnore]
    public long Cycles => BoardVariation == 0 && Rule is StoppingRule.Anytime ? AnytimeBound.Cycles(AllowedFailures, Limit, Confidence) : FewestCycles.Find(AllowedFailures, cycles => BoundAfter(cycles) <= Limit);

    /// <summary>The plan's bound, by its rule, over what each board did.</summary>
    public double BoundOf(IReadOnlyList<BoardCount> boards)
    {
        var (failures, cycles) = ((long)boards.Sum(board => board.Failures), (long)boards.Sum(board => board.Cycles));
        return (cycles, BoardVariation, Rule) switch
        {
            (0, _, _) => 1,
            (_, 0, StoppingRule.Anytime) => AnytimeBound.Upper(failures, cycles, Confidence),
            (_, 0, _) => ZeroFailurePlan.Bound(failures, cycles, Confidence),
            (_, _, StoppingRule.Anytime) => VariedBound.Anytime(boards, BoardVariation, Confidence),
            _ => VariedBound.Fixed(boards, BoardVariation, Confidence),
        };
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Options);

    /// <summary>Reads a plan as <see cref="ToJson"/> writes it; throws <see cref="BadInputException"/> for a rule that only a later program knows.</summary>
    public static SignOffPlan FromJson(ReadOnlySpan<byte> json)
    {
        var plan = JsonSerializer.Deserialize<SignOffPlan>(json, Dossier.Strict)!;
        return plan.Voiding.FirstOrDefault(rule => !VoidingRules.All.ContainsKey(rule)) is { } unknown
            ? throw new BadInputException($"plan: no rule `{unknown}` by which cycles do not count is known here ({string.Join(", ", VoidingRules.Usual)}); use the HilRig that registered it")
            : plan;
    }

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
        root.AllowOnly(file, "a sign-off plan", "release", "limit", "confidence", "rule", "allowed-failures", "places", "mix", "most-voided", "unit", "board-variation", "golden", "exposure", "voiding");
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
            Share("most-voided", 0.02))
        {
            Unit = Word("unit", "cycle", "session") == "session" ? SampleUnit.Session : SampleUnit.Cycle,
            BoardVariation = root.Find("board-variation") is { } variation ? Number(variation, "board-variation", MostVariation) : 0,
            Golden = root.Find("golden")?.Scalar(file, "golden"),
            Exposure = Word("exposure", "shown", "required") == "required" ? ExposureRule.Required : ExposureRule.Shown,
            Voiding = root.Find("voiding") switch
            {
                null => VoidingRules.Usual,
                YamlSequenceNode rules => [.. rules.Children.Select(Rule).Distinct().Order(StringComparer.Ordinal)],
                var other => throw other.Error(file, $"`voiding` must list rules: {string.Join(", ", VoidingRules.Usual)}; an empty list leaves nothing out"),
            },
        };

        string Rule(YamlNode node) => node.Scalar(file, "voiding") is var name && VoidingRules.All.ContainsKey(name)
            ? name
            : throw node.Error(file, $"no rule `{name}` by which cycles do not count; {Suggestion.For(name, [.. VoidingRules.Usual])}");

        string Word(string key, params string[] words)
        {
            var word = root.Find(key)?.Scalar(file, key) ?? words[0];
            return words.Contains(word) ? word : throw root.Find(key)!.Error(file, $"`{key}` must be {string.Join(" or ", words)}, not `{word}`");
        }

        double Share(string key, double? otherwise) =>
            root.Find(key) is { } node ? Number(node, key, 0.999999)
            : otherwise ?? throw BadInputException.At(file, 1, 1, $"`{key}:` is missing");

        double Number(YamlNode node, string key, double most) =>
            double.TryParse(node.Scalar(file, key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= most
                ? value
                : throw node.Error(file, $"`{key}` must lie between 0 and {(most > 1 ? most : 1)}");
    }

    /// <summary>Shared out evenly over the boards; as even a share of the failures is taken.</summary>
    private double BoundAfter(long cycles) =>
        BoardVariation == 0 ? ZeroFailurePlan.Bound(AllowedFailures, cycles, Confidence)
        : BoundOf([.. Enumerable.Repeat(new BoardCount((double)AllowedFailures / Places.Count, (double)cycles / Places.Count), Places.Count)]);
}
