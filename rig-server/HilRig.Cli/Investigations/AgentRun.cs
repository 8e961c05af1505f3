using System.Diagnostics;
using System.Text.Json;
using HilRig.Cli.Demo;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Investigations;

/// <summary>Where and with what the agent runs sequences.</summary>
/// <param name="Places">The places file.</param>
/// <param name="Image">What updates write; null where the sequence names it.</param>
/// <param name="Folder">For sequences, events and journals.</param>
internal sealed record AgentSetup(string Places, string Place, string? Image, string Folder)
{
    /// <summary>Name of the release under test; the reported version where null.</summary>
    public string? Release { get; init; }
}

/// <summary>Runs a sequence by the agent as a process of its own, and reads what happened from its events.</summary>
/// <remarks>The command may know nothing of benches and probes; the agent's command line and its events are the whole contract.</remarks>
internal static class AgentRun
{
    /// <summary>Longer than any cycle of a reproducer, shorter than a night lost to one that hangs.</summary>
    private static readonly TimeSpan DeadlineOfCycle = TimeSpan.FromMinutes(5);

    /// <summary>The events of the whole run. Throws <see cref="BadInputException"/> where the agent refuses, <see cref="IOException"/> where the rig fails.</summary>
    public static async Task<IReadOnlyList<RunEvent>> RunAsync(AgentSetup setup, string name, string sequence, int cycles, int seed, CancellationToken cancellationToken)
    {
        var file = Path.Combine(setup.Folder, name + ".yaml");
        var events = Path.Combine(setup.Folder, name + ".jsonl");
        await File.WriteAllTextAsync(file, sequence, cancellationToken);
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            Programs.Agent, "run", file, "--place", setup.Place, "--places", setup.Places, "--cycles", $"{cycles}", "--seed", $"{seed}", "--events", events, "--data", setup.Folder,
            .. setup.Image is null ? (string[])[] : ["--image", setup.Image],
            .. setup.Release is null ? (string[])[] : ["--release", setup.Release],
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new IOException("the agent could not be started");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(DeadlineOfCycle * cycles);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            await output;
            return process.ExitCode switch
            {
                ExitCode.BadInput => throw new BadInputException($"the agent refused {file}: {(await error).Trim()}"),
                ExitCode.Pass or ExitCode.Fail or ExitCode.Undetermined or ExitCode.RigError when File.Exists(events) => await ReadAsync(events, cancellationToken),
                _ => throw new IOException($"the agent ended with exit code {process.ExitCode}: {(await error).Trim()}"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the agent did not end {cycles} cycles of {file} within {(DeadlineOfCycle * cycles).TotalMinutes:0} minutes");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Events as the agent writes them, one JSON object a line. Throws <see cref="BadInputException"/> at the first line that is none.</summary>
    public static async Task<IReadOnlyList<RunEvent>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        try
        {
            var number = 0L;
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                number++;
                try
                {
                    events.Add(JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options) ?? throw BadInputException.At(path, number, 1, "empty; expected an event"));
                }
                catch (Exception exception) when (exception is JsonException or NotSupportedException)
                {
                    throw BadInputException.At(path, number, 1, $"not an event of a run: {exception.Message}");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}); expected events as `agent run --events` writes them");
        }
        return events;
    }
}
