using System.CommandLine;
using System.Globalization;
using HilRig.Model;

namespace HilRig.Cli.Lab;

/// <summary><c>import FILE.csv</c>: a history becomes runs of the server, whose flags then show.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The history in CSV, as `analyze` reads it." };
        var begins = new Option<string?>("--begins") { Description = "When its first night began, such as 2026-01-21T22:00+01:00; so that the last ended just now without it." };
        var command = LabVerb.Create(
            "import", "Store the runs of a history file; once more changes nothing",
            async (parsed, server, cancellationToken) =>
            {
                var source = parsed.GetRequiredValue(file);
                var query = $"name={Uri.EscapeDataString(source.Name)}{(parsed.GetValue(begins) is { } text ? $"&begins={Uri.EscapeDataString(Moment(text))}" : "")}";
                return await server.UploadAsync($"/api/v1/import?{query}", GivenFile.Bytes(source.FullName, "a history (CSV)"), "text/csv", cancellationToken);
            },
            (_, answer) => [$"{LabVerb.Text(answer, "runs")} runs of {LabVerb.Text(answer, "steps")} steps; {LabVerb.Text(answer, "stored")} events were new"]);
        command.Add(file);
        command.Add(begins);
        return command;
    }

    private static string Moment(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment)
        ? moment.ToString("o", CultureInfo.InvariantCulture)
        : throw new BadInputException($"--begins: `{text}` is no moment; 2026-01-21T22:00 is one");
}
