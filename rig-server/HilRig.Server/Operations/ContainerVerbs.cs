using System.CommandLine;
using HilRig.Model;
using HilRig.Server.Security;

namespace HilRig.Server.Operations;

/// <summary>What a container has no other program for: <c>health</c>, and <c>token</c> for an agent that is started with the server.</summary>
internal static class ContainerVerbs
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    public static Command Health(Option<int> port)
    {
        var command = new Command("health", "Asks the server of this machine whether it is ready; exit code 0 or 3") { port };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new HttpClient { Timeout = Deadline };
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{parsed.GetValue(port)}/readyz"), cancellationToken);
                Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
                return answer.IsSuccessStatusCode ? ExitCode.Pass : ExitCode.RigError;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                await Console.Error.WriteLineAsync($"port {parsed.GetValue(port)} does not answer ({exception.Message})");
                return ExitCode.RigError;
            }
        });
        return command;
    }

    public static Command Token(PersonVerb.Verb verb)
    {
        var agent = new Argument<string>("agent") { Description = "The agent's name." };
        var file = new Argument<string>("file") { Description = "Where the token goes, unless there is one." };
        var command = verb("token", "Writes an agent's token into a file, in the place of an enrolment by code", async (parsed, database, _, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (File.Exists(path))
            {
                Console.WriteLine($"{path} is there already; delete it to get another");
                return;
            }
            var token = await new TokenStore(database, TimeProvider.System).IssueAsync(parsed.GetRequiredValue(agent), Role.Agent, null, "command line", cancellationToken);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var writer = new StreamWriter(path, options);
            await writer.WriteLineAsync(token);
            Console.WriteLine($"the token of {parsed.GetValue(agent)} is in {path}");
        });
        command.Add(agent);
        command.Add(file);
        return command;
    }
}
