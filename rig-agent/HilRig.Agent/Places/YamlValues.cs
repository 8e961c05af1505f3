using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Agent.Places;

/// <summary>Typed values of the agent's YAML files; every error names file, line and what was expected.</summary>
public static class YamlValues
{
    public static YamlNode Required(this YamlMappingNode mapping, string file, string key) =>
        mapping.Find(key) ?? throw mapping.Error(file, $"`{key}:` is missing");

    public static YamlMappingNode Mapping(this YamlNode node, string file, string key) =>
        node as YamlMappingNode ?? throw node.Error(file, $"`{key}` must hold `name: value` pairs");

    public static uint Number(this YamlNode node, string file, string key)
    {
        var text = node.Scalar(file, key);
        return Quantity.TryNumber(text, out var value)
            ? value
            : throw node.Error(file, $"`{key}` must be a number such as 8192 or 0x2000, not `{text}`");
    }

    public static TimeSpan Duration(this YamlNode node, string file, string key)
    {
        var text = node.Scalar(file, key);
        return Quantity.TryTime(text, out var value)
            ? value
            : throw node.Error(file, $"`{key}` must be a time with its unit, such as 50ms, 5s or 2min, not `{text}`");
    }
}
