using System.CommandLine;

namespace HilRig.Cli.Lab;

/// <summary><c>steer RUN HOW</c>: changes how a run goes on that is under way on the server's farm.</summary>
internal static class SteerCommand
{
    /// <summary>The words, each the last part of the API's path.</summary>
    private static readonly string[] Words = ["pause", "resume", "skip", "stop", "stop-now"];

    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The run's id." };
        var how = new Argument<string>("how") { Description = "pause or resume; skip the cycle it is in; stop after its step, or stop-now." };
        how.AcceptOnlyFromAmong(Words);
        var command = LabVerb.Create(
            "steer", "Pause, resume, skip or stop a run",
            (parsed, server, cancellationToken) => server.SendAsync(HttpMethod.Post, $"/api/v1/runs/{Uri.EscapeDataString(parsed.GetRequiredValue(run))}/{parsed.GetRequiredValue(how)}", null, cancellationToken),
            (parsed, _) => [$"{parsed.GetRequiredValue(run)} was told: {parsed.GetRequiredValue(how)}"]);
        command.Add(run);
        command.Add(how);
        return command;
    }
}
