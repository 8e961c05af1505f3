using System.CommandLine;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary>What every verb that talks to a server has in common: <c>--server</c>, and <c>--json</c> for the answer as the server gave it.</summary>
internal static class LabVerb
{
    public static readonly Option<string?> Server = new("--server") { Description = "The server's address, in the place of that of `login`.", Recursive = true };
    public static readonly Option<bool> Json = new("--json") { Description = "Print the answer as JSON.", Recursive = true };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A verb that asks once and prints; <paramref name="toText"/> is the answer for a person.</summary>
    public static Command Create(
        string name, string description, Func<ParseResult, LabServer, CancellationToken, Task<JsonElement>> ask, Func<ParseResult, JsonElement, IEnumerable<string>> toText) =>
        Create(name, description, async (parsed, server, output, cancellationToken) =>
        {
            var answer = await ask(parsed, server, cancellationToken);
            Print(parsed, output, answer, toText);
            return ExitCode.Pass;
        });

    /// <summary>A verb that reads one page of a list.</summary>
    /// <param name="key">Property that names an element, as <c>--cursor</c> takes it.</param>
    public static Command Page(string name, string description, string address, string key, string none, Func<JsonElement, string> line)
    {
        var limit = new Option<int>("--limit") { Description = "How many.", DefaultValueFactory = _ => 100 };
        var cursor = new Option<string?>("--cursor") { Description = "Only those after this one, which the page before ends with." };
        var command = Create(
            name, description,
            (parsed, server, cancellationToken) => server.GetAsync(
                $"{address}?limit={parsed.GetValue(limit)}{(parsed.GetValue(cursor) is { } after ? $"&cursor={Uri.EscapeDataString(after)}" : "")}", cancellationToken),
            (parsed, answer) => answer.GetArrayLength() < parsed.GetValue(limit) ? Lines(answer, none, line) : Lines(answer, none, line).Append($"if there are more, they begin after --cursor {Text(answer[answer.GetArrayLength() - 1], key)}"));
        command.Add(limit);
        command.Add(cursor);
        return command;
    }

    public static Command Create(string name, string description, Func<ParseResult, LabServer, TextWriter, CancellationToken, Task<int>> work)
    {
        var command = new Command(name, description) { Server, Json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = new LabServer(SignedIn.Find(parsed.GetValue(Server)));
            return await work(parsed, server, parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    public static void Print(ParseResult parsed, TextWriter output, JsonElement answer, Func<ParseResult, JsonElement, IEnumerable<string>> toText)
    {
        if (parsed.GetValue(Json))
        {
            output.WriteLine(answer.ValueKind is JsonValueKind.Undefined ? "{}" : JsonSerializer.Serialize(answer, Indented));
            return;
        }
        foreach (var line in toText(parsed, answer))
            output.WriteLine(line);
    }

    /// <summary>The answer of a verb that works without a server.</summary>
    public static void Say(ParseResult parsed, object answer, params IEnumerable<string> lines) =>
        Print(parsed, parsed.InvocationConfiguration.Output, JsonSerializer.SerializeToElement(answer, RunJson.Options), (_, _) => lines);

    /// <summary>Where a long verb tells how far it is: among the answer for a person, beside it for a program.</summary>
    public static TextWriter Progress(ParseResult parsed) => parsed.GetValue(Json) ? Console.Error : parsed.InvocationConfiguration.Output;

    /// <summary>A line for each element, or one that says that there is none.</summary>
    public static IEnumerable<string> Lines(JsonElement list, string none, Func<JsonElement, string> line) =>
        list.GetArrayLength() == 0 ? [none] : list.EnumerateArray().Select(line);

    public static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value.ToString() : "";
}
