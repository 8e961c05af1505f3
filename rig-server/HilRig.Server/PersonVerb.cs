using System.CommandLine;
using HilRig.Model;
using HilRig.Server.Security;
using HilRig.Server.Storage;

namespace HilRig.Server;

/// <summary><c>hilrig-server person NAME --role admin</c>: how the first admin comes to be, and one whose password is lost gets another.</summary>
internal static class PersonVerb
{
    public delegate Command Verb(string name, string description, Func<ParseResult, IDatabase, DataDirectory, CancellationToken, Task> work);

    public static Command Create(Verb verb)
    {
        var name = new Argument<string>("name") { Description = "The person's name." };
        var role = new Option<Role>("--role") { Description = "viewer, operator, qa or admin.", Required = true };
        var passwordFile = new Option<FileInfo?>("--password-file") { Description = "File that holds the password; without it, it is read from standard input." };
        var command = verb("person", "Adds a person to a server that is not running, or changes role and password.", async (parsed, database, _, cancellationToken) =>
        {
            var password = await ReadPasswordAsync(parsed.GetValue(passwordFile), cancellationToken);
            var people = new PersonStore(database, TimeProvider.System);
            await people.SaveAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), password, "command line", cancellationToken);
            Console.WriteLine($"{parsed.GetRequiredValue(name)} may sign in as {StoredText.ToText(parsed.GetRequiredValue(role))}");
        });
        command.Add(name);
        command.Add(role);
        command.Add(passwordFile);
        return command;
    }

    private static async Task<string> ReadPasswordAsync(FileInfo? file, CancellationToken cancellationToken)
    {
        if (file is not null)
            return SecretFile.Read("--password-file", file);
        if (!Console.IsInputRedirected)
            Console.Error.Write("password: ");
        return await Console.In.ReadLineAsync(cancellationToken) ?? "";
    }
}
