using System.CommandLine;
using System.Text.Json;
using HilRig.Model;

namespace HilRig.Cli.Lab;

/// <summary><c>export RUN --format junit</c>: a run in the format that another tool reads, to a file or standard output.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The run's id." };
        var format = new Option<string>("--format") { Description = "junit, trx, ctrf or csv.", DefaultValueFactory = _ => "junit" };
        var file = new Option<FileInfo?>("--output") { Description = "The file to write; standard output without it." };
        var command = LabVerb.Create("export", "A run as JUnit, TRX, CTRF or CSV", async (parsed, server, output, cancellationToken) =>
        {
            var path = $"/api/v1/runs/{Uri.EscapeDataString(parsed.GetRequiredValue(run))}/export?format={Uri.EscapeDataString(parsed.GetRequiredValue(format))}";
            var text = await server.SendForTextAsync(HttpMethod.Get, path, null, cancellationToken);
            if (parsed.GetValue(file) is not { } target)
            {
                if (parsed.GetValue(LabVerb.Json))
                    LabVerb.Print(parsed, output, JsonSerializer.SerializeToElement(new { format = parsed.GetValue(format), text }), (_, _) => []);
                else
                    await output.WriteAsync(text);
                return ExitCode.Pass;
            }
            await File.WriteAllTextAsync(target.FullName, text, cancellationToken);
            var answer = JsonSerializer.SerializeToElement(new { file = target.FullName, characters = text.Length });
            LabVerb.Print(parsed, output, answer, (_, _) => [$"{target.FullName}: {text.Length} characters"]);
            return ExitCode.Pass;
        });
        command.Add(run);
        command.Add(format);
        command.Add(file);
        return command;
    }
}
