using System.CommandLine;
using HilRig.Model;

namespace HilRig.Cli.Lab;

/// <summary><c>login URL --name ann</c>: chooses the server for all verbs and gets a token from it.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var server = new Argument<string>("server") { Description = "The server's address." };
        var name = new Option<string?>("--name") { Description = "Who signs in; leave it out at a server that has no accounts." };
        var passwordFile = new Option<FileInfo?>("--password-file") { Description = "File that holds the password; without it, it is read from standard input." };
        var command = new Command("login", "Choose the server that all verbs talk to, and sign in") { server, name, passwordFile, LabVerb.Json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var address = SignedIn.AddressOf(parsed.GetRequiredValue(server));
            string? token = null;
            if (parsed.GetValue(name) is { } person)
            {
                using var stranger = new LabServer(new SignedIn(address, null));
                var password = await ReadPasswordAsync(parsed.GetValue(passwordFile), cancellationToken);
                token = (await stranger.SendAsync(HttpMethod.Post, "/api/v1/login", new { name = person, password }, cancellationToken)).GetProperty("token").GetString();
            }
            var signedIn = new SignedIn(address, token);
            using var lab = new LabServer(signedIn);
            var me = await lab.GetAsync("/api/v1/me", cancellationToken);
            signedIn.Save();
            LabVerb.Print(parsed, parsed.InvocationConfiguration.Output, me, (_, answer) =>
                [$"{address.Authority} takes you for {LabVerb.Text(answer, "name")}, {LabVerb.Text(answer, "role")}; kept in {SignedIn.File}"]);
            return ExitCode.Pass;
        });
        return command;
    }

    /// <summary>A password on a command line can be read by every user of the machine.</summary>
    public static async Task<string> ReadPasswordAsync(FileInfo? file, CancellationToken cancellationToken)
    {
        if (file is not null)
            return (await File.ReadAllTextAsync(file.FullName, cancellationToken)).TrimEnd('\r', '\n');
        if (!Console.IsInputRedirected)
            Console.Error.Write("password: ");
        return await Console.In.ReadLineAsync(cancellationToken) ?? "";
    }
}
