using System.CommandLine;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Lab;

/// <summary><c>run FILE --place NAME</c>: orders a run; with <c>--watch</c> it stays until the end and its exit code is the run's.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The sequence." };
        var place = new Option<string>("--place") { Description = "Where it shall run.", Required = true };
        var image = new Option<FileInfo?>("--image") { Description = "The application image that it writes." };
        var cycles = new Option<int?>("--cycles") { Description = "In the place of the sequence's own number." };
        var seed = new Option<long?>("--seed") { Description = "For the sequence's choices." };
        var release = new Option<string?>("--release") { Description = "Name of the bootloader release under test." };
        var set = new Option<string[]>("--set") { Description = "Another value of one of the sequence's parameters: NAME=VALUE." };
        var watch = new Option<bool>("--watch") { Description = "Stay until it ends; the exit code is then the run's. Ctrl+C leaves it running." };
        var command = LabVerb.Create("run", "Order a run", async (parsed, server, output, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var sequence = SequenceFile.Load(path.FullName);
            var settings = Settings.Read(parsed.GetValue(set));
            var written = parsed.GetValue(image) ?? ImageBeside(path, sequence);
            var order = new
            {
                place = parsed.GetRequiredValue(place),
                sequenceName = path.Name,
                sequence = settings.Count == 0 ? sequence.Text : SequencePrinter.PrintFlat(sequence.With(settings)),
                imageName = written?.Name,
                image = written is null ? null : Convert.ToBase64String(GivenFile.Bytes(written.FullName, "an application image")),
                cycles = parsed.GetValue(cycles),
                seed = parsed.GetValue(seed),
                release = parsed.GetValue(release),
            };
            var accepted = await server.SendAsync(HttpMethod.Post, "/api/v1/runs", order, cancellationToken);
            if (!parsed.GetValue(watch))
            {
                LabVerb.Print(parsed, output, accepted, (_, answer) => [$"{LabVerb.Text(answer, "runId")} {LabVerb.Text(answer, "waiting")}".TrimEnd()]);
                return ExitCode.Pass;
            }
            return await WatchAsync(parsed, server, output, LabVerb.Text(accepted, "runId"), cancellationToken);
        });
        foreach (var symbol in new Option[] { place, image, cycles, seed, set, release, watch })
            command.Add(symbol);
        command.Add(file);
        return command;
    }

    private static async Task<int> WatchAsync(ParseResult parsed, LabServer server, TextWriter output, string runId, CancellationToken cancellationToken)
    {
        using var progress = new WatchLine(Console.Error, !Console.IsErrorRedirected);
        while (true)
        {
            var status = await server.GetAsync($"/api/v1/runs/{Uri.EscapeDataString(runId)}", cancellationToken);
            var summary = status.GetProperty("summary").Deserialize<RunSummary?>(RunJson.Options);
            progress.Show(runId, LabVerb.Text(status, "waiting"), summary);
            if (LabVerb.Text(status, "state") is "ended" or "cancelled")
            {
                LabVerb.Print(parsed, output, status, (_, _) => [summary is null ? $"{runId} was stopped before it began" : $"{runId} {summary.Verdict}: {summary.Ended?.Message}"]);
                return summary is null ? ExitCode.Stopped : ExitCode.Of(summary.Verdict);
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>The file that the sequence itself names; null where it names none, or leaves it to a parameter.</summary>
    internal static FileInfo? ImageBeside(FileInfo file, Sequence sequence) =>
        sequence.Image?.File is { } named && !named.Value.StartsWith('$') ? new FileInfo(Path.Combine(file.DirectoryName!, named.Value)) : null;
}
