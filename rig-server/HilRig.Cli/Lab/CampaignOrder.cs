using System.CommandLine;
using HilRig.Model;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Lab;

/// <summary><c>campaigns order FILE --limit 0.001</c>.</summary>
internal static class CampaignOrder
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The sequence." };
        var name = new Option<string?>("--name") { Description = "For people; the file's name without it." };
        var board = new Option<string>("--board") { Description = "Board type of the places that take part.", Required = true };
        var tags = new Option<string[]>("--tag") { Description = "A tag that they must have; may be repeated." };
        var limit = new Option<double?>("--limit") { Description = "The goal: a failure probability of a cycle to be excluded, such as 0.001." };
        var confidence = new Option<double>("--confidence") { Description = "Of that claim.", DefaultValueFactory = _ => 0.95 };
        var allowed = new Option<int?>("--allowed-failures") { Description = "Failed cycles that the goal allows; none for a claim where it is missing." };
        var runs = new Option<int?>("--runs") { Description = "The goal: so many runs to be completed." };
        var boards = new Option<int>("--boards") { Description = "Boards that are needed; each does its share at most.", DefaultValueFactory = _ => 1 };
        var cycles = new Option<int>("--cycles-per-run") { Description = "Length of each run.", DefaultValueFactory = _ => 100 };
        var priority = new Option<int>("--priority") { Description = "-100 to 100; higher ones first." };
        var hours = new Option<string?>("--hours") { Description = "When it may run, by the lab's clock: 22:00-06:00." };
        var zone = new Option<string>("--zone") { Description = "The lab's time zone, such as Europe/Berlin.", DefaultValueFactory = _ => TimeZoneInfo.Local.Id };
        var days = new Option<string[]>("--day") { Description = "A day on which those hours begin, such as monday; may be repeated.", AllowMultipleArgumentsPerToken = true };
        var image = new Option<FileInfo?>("--image") { Description = "The application image that it writes." };
        var release = new Option<string?>("--release") { Description = "Name of the bootloader release under test." };
        var command = LabVerb.Create(
            "order", "Order a campaign: either --limit for a claim of the release, or --runs",
            async (parsed, server, cancellationToken) =>
            {
                var path = parsed.GetRequiredValue(file);
                var sequence = SequenceFile.Load(path.FullName);
                var written = parsed.GetValue(image) ?? RunCommand.ImageBeside(path, sequence);
                return await server.SendAsync(
                    HttpMethod.Post,
                    "/api/v1/campaigns",
                    new
                    {
                        name = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(path.Name),
                        sequenceName = path.Name,
                        sequence = sequence.Text,
                        board = parsed.GetRequiredValue(board),
                        tags = parsed.GetValue(tags) ?? [],
                        limit = parsed.GetValue(limit),
                        confidence = parsed.GetValue(confidence),
                        allowedFailures = parsed.GetValue(allowed),
                        runs = parsed.GetValue(runs),
                        boards = parsed.GetValue(boards),
                        cyclesPerRun = parsed.GetValue(cycles),
                        priority = parsed.GetValue(priority),
                        schedule = parsed.GetValue(hours) is { } times ? ScheduleOf(times, parsed.GetRequiredValue(zone), parsed.GetValue(days) ?? []) : null,
                        imageName = written?.Name,
                        image = written is null ? null : Convert.ToBase64String(GivenFile.Bytes(written.FullName, "an application image")),
                        release = parsed.GetValue(release),
                    },
                    cancellationToken);
            },
            (_, answer) => [CampaignCommands.Line(CampaignCommands.View(answer))]);
        command.Add(file);
        foreach (var option in new Option[] { name, board, tags, limit, confidence, allowed, runs, boards, cycles, priority, hours, zone, days, image, release })
            command.Add(option);
        return command;
    }

    private static object ScheduleOf(string hours, string zone, string[] days) => hours.Split('-') is [var from, var to]
        ? new { zone, from = from.Trim(), to = to.Trim(), days }
        : throw new BadInputException($"--hours: `{hours}` are no hours; 22:00-06:00 are");
}
