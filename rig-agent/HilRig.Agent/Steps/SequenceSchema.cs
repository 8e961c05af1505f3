using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Steps;

/// <summary>The sequence language as a JSON schema, for editors: steps and arguments are those that <see cref="StepBinder"/> binds.</summary>
public static class SequenceSchema
{
    private const string ReferencePattern = "^\\$[a-z][a-z0-9-]*$";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole schema (draft 2020-12), as it stands in <c>docs/sequence.schema.json</c>.</summary>
    public static string Text() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "HilRig sequence",
        ["type"] = "object",
        ["required"] = Words("sequence", "board", "steps"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["sequence"] = Said("The sequence's name, kebab-case.", Type("string")),
            ["question"] = Said("The question that running it answers.", Type("string")),
            ["board"] = Said("The kind of board it is written for.", Type("string")),
            ["cycles"] = Said("Repetitions; without it one, or one pass through the matrix.", Whole()),
            ["image"] = Said("What updates write: a file relative to this one, or an image made from a size and a seed.", Any(Type("string"), Options([], ("file", Value("text")), ("size", Value("number")), ("seed", Value("number")), ("address", Value("number"))))),
            ["parameters"] = Said("Values with a name; `$name` stands for the whole of a value.", Map(Options(["default"], ("default", Value("text")), ("unit", Enum(System.Enum.GetNames<ParameterUnit>().Select(name => name.ToLowerInvariant())))))),
            ["matrix"] = Said("Parameters that change from cycle to cycle.", Options(["over"], ("cover", Enum(["all", "pairwise", "3-way"])), ("over", Map(ListOf(Value("text"), 1))))),
            ["setup"] = Said("Once, before cycle 1.", List(0)),
            ["steps"] = Said("Every cycle, until one does not pass.", List(1)),
            ["on-failure"] = Said("After a cycle that did not pass, before anything recovers the board.", List(0)),
            ["cleanup"] = Said("Once, at the end, whatever happened.", List(0)),
        },
        ["$defs"] = new JsonObject
        {
            ["text"] = new JsonObject { ["type"] = Words("string", "number", "boolean") },
            ["number"] = Any(new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, Pattern("^(0x[0-9A-Fa-f]+|[0-9]+)$"), Pattern(ReferencePattern)),
            ["time"] = Pattern("^[0-9]+(\\.[0-9]+)?(ms|s|min|h)$|" + ReferencePattern),
            ["group"] = Any(Reference("step"), List(0)),
            ["step"] = Any(Enum(StepBinder.Arguments.Where(step => step.Value.All(argument => argument.HasDefaultValue)).Select(step => step.Key)), OneOf(Constructs().Concat(Steps()))),
        },
    }.ToJsonString(Indented) + "\n";

    private static Dictionary<string, JsonNode?> Constructs() => new()
    {
        ["choose"] = Said("One branch, drawn by weight.", ListOf(Any(Reference("group"), Options(["steps"], ("weight", Whole()), ("steps", List(0)))), 2)),
        ["shuffle"] = Said("Every entry, in a drawn order.", ListOf(Reference("group"), 2)),
        ["repeat"] = Said("The steps, so many times.", Options(["times", "steps"], ("times", Value("number")), ("steps", List(1)))),
        ["until"] = Said("The steps again and again, until a round ends so.", Options(["at-most", "steps"], ("verdict", Any(Enum(Until.Verdicts), Pattern(ReferencePattern))), ("status", Value("text")), ("measured", Value("text")), ("is", Value("text")), ("at-most", Value("number")), ("steps", List(1)))),
        ["expect"] = Said("Passes only if the board refuses the step with this status.", Options(["status", "step"], ("status", Value("text")), ("step", Reference("step")))),
        ["include"] = Said("The steps of another sequence.", Options(["file"], ("file", Type("string")), ("set", Map(Value("text"))))),
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Steps() => StepBinder.Arguments.Select(step => KeyValuePair.Create<string, JsonNode?>(step.Key, Options(
        step.Value.Where(argument => !argument.HasDefaultValue).Select(argument => argument.Name),
        [.. step.Value.Select(argument => (argument.Name, Of(argument.Type)))])));

    private static JsonObject Of(Type type) =>
        type == typeof(uint) ? Value("number")
        : type == typeof(TimeSpan) ? Value("time")
        : type.IsEnum ? Any(Enum(ArgumentValue.Words(type).Keys), Pattern(ReferencePattern))
        : Value("text");

    private static JsonObject OneOf(IEnumerable<KeyValuePair<string, JsonNode?>> entries) => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["maxProperties"] = 1,
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(entries),
    };

    private static JsonObject Options(IEnumerable<string> required, params (string Name, JsonNode Schema)[] options) => new()
    {
        ["type"] = "object",
        ["required"] = Words([.. required]),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(options.Select(option => KeyValuePair.Create<string, JsonNode?>(option.Name, option.Schema))),
    };

    private static JsonObject Map(JsonNode values) => new() { ["type"] = "object", ["additionalProperties"] = values };

    private static JsonObject List(int least) => ListOf(Reference("step"), least);

    private static JsonObject ListOf(JsonNode items, int least) => new() { ["type"] = "array", ["minItems"] = least, ["items"] = items };

    private static JsonObject Any(params JsonNode[] schemas) => new() { ["anyOf"] = new JsonArray(schemas) };

    private static JsonObject Enum(IEnumerable<string> words) => new() { ["enum"] = Words([.. words]) };

    private static JsonArray Words(params string[] words) => new([.. words.Select(word => JsonValue.Create(word))]);

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Whole() => new() { ["type"] = "integer", ["minimum"] = 1 };

    private static JsonObject Value(string kind) => Reference(kind);

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/$defs/{definition}" };

    private static JsonObject Said(string words, JsonObject schema)
    {
        schema.Insert(0, "description", words);
        return schema;
    }
}
