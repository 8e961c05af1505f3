using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HilRig.Tests.Agent.Steps;

/// <summary>Checks a YAML document against a JSON schema, as an editor would: the keywords that our schema uses, and no others.</summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly string[] Keywords =
        ["$schema", "$defs", "$ref", "title", "description", "type", "required", "properties", "additionalProperties", "items", "minItems", "minProperties", "maxProperties", "anyOf", "enum", "pattern", "minimum"];

    /// <summary>Where the document is not as the schema says; empty where it is.</summary>
    public static IReadOnlyList<string> Of(string schema, string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = JsonNode.Parse(schema)!.AsObject();
        return [.. new SchemaCheck(root).Check(stream.Documents[0].RootNode, root, "")];
    }

    private IEnumerable<string> Check(YamlNode node, JsonObject schema, string path)
    {
        if (schema.FirstOrDefault(pair => !Keywords.Contains(pair.Key)).Key is { } unknown)
            throw new NotSupportedException($"this check does not know `{unknown}`");
        if (schema["$ref"] is { } reference)
            return Check(node, root["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), path);
        if (schema["anyOf"] is { } options)
            return options.AsArray().Any(option => !Check(node, option!.AsObject(), path).Any()) ? [] : [$"{path}: fits none of what is allowed"];
        var types = schema["type"] switch { JsonArray several => several.Select(type => type!.GetValue<string>()), JsonNode one => [one.GetValue<string>()], null => [] };
        if (types.Any() && !types.Intersect(TypesOf(node)).Any())
            return [$"{path}: is no {string.Join(" or ", types)}"];
        if (schema["enum"] is not null && node is not YamlScalarNode)
            return [$"{path}: is none of the words"];
        return node switch
        {
            YamlMappingNode mapping => CheckMapping(mapping, schema, path),
            YamlSequenceNode list => CheckList(list, schema, path),
            _ => CheckScalar(((YamlScalarNode)node).Value!, schema, path),
        };
    }

    private IEnumerable<string> CheckMapping(YamlMappingNode mapping, JsonObject schema, string path)
    {
        var keys = mapping.Children.Keys.Select(key => ((YamlScalarNode)key).Value!).ToList();
        foreach (var missing in (schema["required"]?.AsArray() ?? []).Select(key => key!.GetValue<string>()).Except(keys))
            yield return $"{path}: lacks {missing}";
        if (keys.Count < (schema["minProperties"]?.GetValue<int>() ?? 0) || keys.Count > (schema["maxProperties"]?.GetValue<int>() ?? int.MaxValue))
            yield return $"{path}: has {keys.Count} keys";
        foreach (var (key, value) in mapping.Children.Select(pair => (((YamlScalarNode)pair.Key).Value!, pair.Value)))
        {
            var known = schema["properties"]?[key] ?? schema["additionalProperties"];
            if (known is JsonValue)
                yield return $"{path}: has no {key}";
            else if (known is JsonObject inner)
            {
                foreach (var problem in Check(value, inner, $"{path}/{key}"))
                    yield return problem;
            }
        }
    }

    private IEnumerable<string> CheckList(YamlSequenceNode list, JsonObject schema, string path) =>
        list.Children.Count < (schema["minItems"]?.GetValue<int>() ?? 0)
            ? [$"{path}: has {list.Children.Count} entries"]
            : list.Children.SelectMany((item, index) => schema["items"] is JsonObject inner ? Check(item, inner, $"{path}/{index}") : []);

    private static IEnumerable<string> CheckScalar(string value, JsonObject schema, string path)
    {
        if (schema["enum"] is { } words && words.AsArray().All(word => word!.GetValue<string>() != value))
            yield return $"{path}: `{value}` is none of the words";
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(value, pattern.GetValue<string>()))
            yield return $"{path}: `{value}` does not match";
        if (schema["minimum"] is { } least && Integer(value) is { } number && number < least.GetValue<int>())
            yield return $"{path}: {number} is too small";
    }

    /// <summary>By YAML's core schema: a plain scalar may be a number or a boolean, a quoted one is a string.</summary>
    private static string[] TypesOf(YamlNode node) => node switch
    {
        YamlMappingNode => ["object"],
        YamlSequenceNode => ["array"],
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } =>
            Integer(text) is not null ? ["integer", "number"]
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? ["number"]
            : text is "true" or "false" ? ["boolean"]
            : text is "" or "null" or "~" ? ["null"]
            : ["string"],
        _ => ["string"],
    };

    private static long? Integer(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) ? long.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null
        : long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
