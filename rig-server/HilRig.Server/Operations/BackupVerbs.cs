using System.CommandLine;

namespace HilRig.Server.Operations;

/// <summary><c>hilrig-server backup DIR</c> and <c>restore DIR</c>.</summary>
internal static class BackupVerbs
{
    public static IEnumerable<Command> Create(Func<ParseResult, ServerOptions> options, Func<Func<Task>, Task<int>> guard)
    {
        var target = new Argument<string>("directory") { Description = "An empty or new directory." };
        var backup = new Command("backup", "Copies everything that a server keeps, while it runs") { target };
        backup.SetAction((parsed, cancellationToken) => guard(async () =>
        {
            var files = await Backup.TakeAsync(options(parsed), parsed.GetRequiredValue(target), TimeProvider.System.GetUtcNow(), cancellationToken);
            Console.WriteLine($"{parsed.GetValue(target)}: {files} files");
        }));
        var source = new Argument<string>("directory") { Description = "What `backup` wrote." };
        var restore = new Command("restore", "Fills a new --data directory, and an empty --database where it was PostgreSQL, from a backup, every file checked") { source };
        restore.SetAction((parsed, cancellationToken) => guard(async () =>
        {
            var files = await Backup.RestoreAsync(parsed.GetRequiredValue(source), options(parsed), cancellationToken);
            Console.WriteLine($"{options(parsed).Data}: {files} files restored and checked");
        }));
        return [backup, restore];
    }
}
