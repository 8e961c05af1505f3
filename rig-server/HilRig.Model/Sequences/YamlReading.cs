using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary>Reads YAML documents and their parts, with errors that name file, line and column.</summary>
public static class YamlReading
{
    /// <summary>Far more than any file needs, far less than the stack of whoever walks it.</summary>
    private const int Deepest = 50;

    /// <summary>The root mapping of the only document in <paramref name="text"/>.</summary>
    public static YamlMappingNode LoadMapping(string file, string text)
    {
        var stream = new YamlStream();
        try
        {
            RefuseDepth(file, text);
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw BadInputException.At(file, exception.Start.Line, exception.Start.Column, $"not valid YAML: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet leaves some broken texts by these ways, without a place.
            throw BadInputException.At(file, 1, 1, "not valid YAML: a bracket, brace or quote is not closed, or a document ends inside one");
        }
        if (stream.Documents.Count != 1)
            throw BadInputException.At(file, 1, 1, $"expected one YAML document, found {stream.Documents.Count}");
        return stream.Documents[0].RootNode as YamlMappingNode
            ?? throw BadInputException.At(file, 1, 1, "expected `key: value` lines at the top level");
    }

    /// <summary>Refuses aliases, by which a short text stands for an endless one.</summary>
    public static void RefuseAliases(string file, string text)
    {
        foreach (var alias in Events(text).OfType<AnchorAlias>())
            throw BadInputException.At(file, alias.Start.Line, alias.Start.Column, $"an alias (`*{alias.Value}`) is not read here; write out what it stands for");
    }

    private static void RefuseDepth(string file, string text)
    {
        var depth = 0;
        foreach (var part in Events(text))
        {
            depth += part.NestingIncrease;
            if (depth > Deepest)
                throw BadInputException.At(file, part.Start.Line, part.Start.Column, $"nested more than {Deepest} deep; is a bracket not closed?");
        }
    }

    private static IEnumerable<ParsingEvent> Events(string text)
    {
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
            yield return parser.Current!;
    }

    public static SourcePosition PositionIn(this YamlNode node, string file) => new(file, node.Start.Line, node.Start.Column);

    public static BadInputException Error(this SourcePosition position, string message) =>
        BadInputException.At(position.File, position.Line, position.Column, message);

    public static BadInputException Error(this YamlNode node, string file, string message) => node.PositionIn(file).Error(message);

    /// <summary>The text of a scalar; an error that names <paramref name="key"/> for anything else.</summary>
    public static string Scalar(this YamlNode node, string file, string key) =>
        node is YamlScalarNode { Value: { } value }
            ? value
            : throw node.Error(file, $"`{key}` must be a single value");

    /// <summary>Refuses keys that nobody reads, with the nearest known one as a suggestion.</summary>
    public static void AllowOnly(this YamlMappingNode mapping, string file, string subject, params string[] known)
    {
        foreach (var key in mapping.Children.Keys)
        {
            var name = key.Scalar(file, "key");
            if (!known.Contains(name))
                throw key.Error(file, $"{subject} has no `{name}`; {Suggestion.For(name, known)}");
        }
    }

    /// <summary>The value of <paramref name="key"/>, or null.</summary>
    public static YamlNode? Find(this YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
}
