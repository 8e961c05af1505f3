using HilRig.Agent.Images;
using HilRig.Model;
using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Agent.Places;

/// <summary>Reads <c>boards/&lt;type&gt;.yaml</c> beside the agent.</summary>
public static class BoardTypeFile
{
    /// <summary>The folder that holds a file for each kind of board.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "boards");

    public static BoardType Load(string name, SourcePosition usedAt)
    {
        var file = Path.Combine(Folder, name + ".yaml");
        if (name.AsSpan().ContainsAny('/', '\\', '.') || !File.Exists(file))
            throw usedAt.Error($"unknown board type `{name}`; {Suggestion.For(name, Known())}");
        return Parse(file, File.ReadAllText(file));
    }

    public static BoardType Parse(string file, string text)
    {
        var root = YamlReading.LoadMapping(file, text);
        root.AllowOnly(file, "a board type", "board", "flash", "reserved", "ram", "application", "boot-window", "unique-id", "registers", "assumed");
        var flash = root.Required(file, "flash").Mapping(file, "flash");
        return new BoardType(
            root.Required(file, "board").Scalar(file, "board"),
            new FlashMap(
                Range(flash, file),
                Range(root.Required(file, "reserved").Mapping(file, "reserved"), file),
                root.Required(file, "application").Number(file, "application"),
                flash.Required(file, "sector").Number(file, "sector"),
                flash.Required(file, "write-unit").Number(file, "write-unit"),
                [.. Items(root.Required(file, "ram"), file, "ram").Select(node => Range(node.Mapping(file, "ram"), file))]),
            root.Required(file, "boot-window").Duration(file, "boot-window"),
            [.. Items(root.Required(file, "unique-id"), file, "unique-id").Select(node => node.Number(file, "unique-id"))],
            [.. root.Required(file, "registers").Mapping(file, "registers").Children.Select(pair => Register(pair.Key.Scalar(file, "register"), pair.Value, file))])
        {
            Assumed = Assumed(root, file),
        };
    }

    private static Dictionary<string, string> Assumed(YamlMappingNode root, string file) => root.Children.TryGetValue("assumed", out var node)
        ? node.Mapping(file, "assumed").Children.ToDictionary(pair => pair.Key.Scalar(file, "assumed"), pair => pair.Value.Scalar(file, "assumed"))
        : [];

    /// <summary>An address alone, or <c>{at: 0x40020000, bits: {7: CCIF}}</c>.</summary>
    private static BoardRegister Register(string name, YamlNode node, string file)
    {
        if (node is not YamlMappingNode mapping)
            return new BoardRegister(name, node.Number(file, name), []);
        mapping.AllowOnly(file, $"register `{name}`", "at", "bits");
        var bits = mapping.Required(file, "bits").Mapping(file, "bits").Children;
        return new BoardRegister(name, mapping.Required(file, "at").Number(file, "at"), [.. bits.Select(bit =>
            KeyValuePair.Create((int)bit.Key.Number(file, "bits"), bit.Value.Scalar(file, "bits")))]);
    }

    private static IEnumerable<YamlNode> Items(YamlNode node, string file, string key) =>
        node as YamlSequenceNode ?? throw node.Error(file, $"`{key}` must be a list");

    private static AddressRange Range(YamlMappingNode mapping, string file) =>
        AddressRange.Of(mapping.Required(file, "start").Number(file, "start"), mapping.Required(file, "size").Number(file, "size"));

    private static string[] Known() =>
        Directory.Exists(Folder)
            ? [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path))]
            : throw new BadInputException($"{Folder}: the folder with the board types is missing; it belongs beside the agent's binary");
}
