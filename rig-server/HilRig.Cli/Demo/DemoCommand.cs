using System.CommandLine;
using HilRig.Model;

namespace HilRig.Cli.Demo;

/// <summary><c>hilrig demo</c>: server, agent and three virtual boards as real processes; catches the stale cache and says what triggers it.</summary>
public static class DemoCommand
{
    public static Command Create()
    {
        var exit = new Option<bool>("--exit") { Description = "End after the summary: 0 where everything promised was found, 1 where not" };
        var cycles = new Option<int>("--cycles") { Description = "Cycles on each board", DefaultValueFactory = _ => 40 };
        var seed = new Option<int>("--seed") { Description = "Seed of sequence, boards and noise", DefaultValueFactory = _ => 1 };
        var port = new Option<int>("--port") { Description = "Port of the server and its pages", DefaultValueFactory = _ => 5080 };
        var cached = new Option<string>("--dcache-board") { Description = "Which board (1, 2, 3) runs with its D-cache on, or none", DefaultValueFactory = _ => "1" };
        var data = new Option<string?>("--data") { Description = "Keep database, journals and logs in this folder; otherwise a temporary one" };
        var command = new Command("demo", "Show HilRig on three virtual boards: from the failing update to its trigger, in about two minutes")
        {
            exit, cycles, seed, port, cached, data,
        };
        command.SetAction((parsed, cancellationToken) => DemoRun.RunAsync(
            new DemoOptions(
                parsed.GetValue(exit),
                Positive("--cycles", parsed.GetValue(cycles)),
                parsed.GetValue(seed),
                parsed.GetValue(port),
                CachedBoard(parsed.GetRequiredValue(cached)),
                parsed.GetValue(data)),
            cancellationToken));
        return command;
    }

    private static int Positive(string option, int value) =>
        value > 0 ? value : throw new BadInputException($"{option} must be 1 or more, not {value}");

    private static int? CachedBoard(string text) => text switch
    {
        "none" => null,
        "1" or "2" or "3" => text[0] - '0',
        _ => throw new BadInputException($"--dcache-board must be 1, 2, 3 or none, not `{text}`"),
    };
}

/// <param name="CachedBoard">1 to 3; null where no board has its D-cache on.</param>
public sealed record DemoOptions(bool Exit, int Cycles, int Seed, int Port, int? CachedBoard, string? Data);
