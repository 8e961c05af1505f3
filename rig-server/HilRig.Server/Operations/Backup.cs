using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Server.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace HilRig.Server.Operations;

/// <summary>
/// A copy of everything a server keeps, taken while it runs: the database as of one moment, SQLite's file or PostgreSQL's tables, the artifacts
/// that it names and more, the dossiers that were approved, the keys, and a manifest of digests that a restore checks.
/// </summary>
internal static class Backup
{
    private const string Manifest = "manifest.json";
    private const string Database = "hilrig.db";
    private static readonly string[] Folders = ["artifacts", "dossiers", "keys"];

    /// <param name="Files">Digest of each file, by its path in the backup.</param>
    private sealed record Contents(int Version, DateTimeOffset TakenAt, SortedDictionary<string, string> Files);

    /// <summary>Answers how many files were copied. Throws <see cref="BadInputException"/> in words.</summary>
    public static async Task<int> TakeAsync(ServerOptions options, string target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var source = Path.Combine(options.Data, Database);
        if (options.Database is null && !File.Exists(source))
            throw new BadInputException($"--data {options.Data}: there is no {Database}; it is the data directory of no server on SQLite, and --database names no other");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new BadInputException($"{target}: it is not empty; a backup goes into a directory of its own");
        Directory.CreateDirectory(target);
        // The database first: an artifact is stored before the order that names it, so that every one named is then there.
        if (options.Database is { } address)
            await PostgresDump.TakeAsync(address, Path.Combine(target, PostgresDump.Folder), cancellationToken);
        else
            await CopyAsync(source, Path.Combine(target, Database), cancellationToken);
        var data = options.Shared ?? options.Data;
        foreach (var folder in Folders.Where(folder => Directory.Exists(Path.Combine(data, folder))))
        {
            Directory.CreateDirectory(Path.Combine(target, folder));
            // A name that begins with a dot is a file that is still being written.
            foreach (var file in Directory.EnumerateFiles(Path.Combine(data, folder)).Where(file => !Path.GetFileName(file).StartsWith('.')))
                File.Copy(file, Path.Combine(target, folder, Path.GetFileName(file)));
        }
        var files = await DigestsAsync(target, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(target, Manifest), JsonSerializer.Serialize(new Contents(1, now, files), RunJson.Options), cancellationToken);
        return files.Count;
    }

    /// <summary>Fills an empty data directory, and for PostgreSQL an empty database, from a backup, every file checked against the manifest first. Answers how many there are.</summary>
    public static async Task<int> RestoreAsync(string source, ServerOptions options, CancellationToken cancellationToken)
    {
        var contents = await ReadManifestAsync(source, cancellationToken);
        var data = options.Shared ?? options.Data;
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            throw new BadInputException($"--{(options.Shared is null ? "data" : "shared")} {data}: it is not empty; a backup is restored into a new directory, nothing is overwritten");
        var isOfPostgres = contents.Files.Keys.Any(file => file.StartsWith($"{PostgresDump.Folder}/", StringComparison.Ordinal));
        if (isOfPostgres != options.Database is not null)
            throw new BadInputException($"{source}: it is a backup of a server on {(isOfPostgres ? "PostgreSQL; give the --database to fill" : "SQLite; restore it without --database")}");
        var found = await DigestsAsync(source, cancellationToken);
        if (contents.Files.FirstOrDefault(file => found.GetValueOrDefault(file.Key) != file.Value) is { Key: { } damaged })
            throw new BadInputException($"{Path.Combine(source, damaged)}: it is missing or was changed since the backup; nothing was restored");
        if (options.Database is { } address)
            await PostgresDump.RestoreAsync(Path.Combine(source, PostgresDump.Folder), address, cancellationToken);
        foreach (var file in contents.Files.Keys.Where(file => !file.StartsWith($"{PostgresDump.Folder}/", StringComparison.Ordinal)))
        {
            var target = Path.Combine(data, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(source, file), target);
        }
        if (!OperatingSystem.IsWindows() && Directory.Exists(Path.Combine(data, "keys")))
            File.SetUnixFileMode(Path.Combine(data, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!isOfPostgres)
            await CheckAsync(data, cancellationToken);
        return contents.Files.Count;
    }

    /// <summary>A database that does not open is found now, not on the morning it is needed.</summary>
    private static async Task CheckAsync(string data, CancellationToken cancellationToken)
    {
        using var opened = await SqliteDatabase.OpenAsync(Path.Combine(data, Database), cancellationToken);
        await using var reader = await opened.OpenReaderAsync(cancellationToken);
        var verdict = await reader.ExecuteScalarAsync<string>(new CommandDefinition("PRAGMA integrity_check", cancellationToken: cancellationToken));
        if (verdict != "ok")
            throw new StartException($"{data}: the restored database is damaged ({verdict}); use an older backup");
    }

    private static async Task CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("VACUUM INTO @target", new { target }, cancellationToken: cancellationToken));
    }

    private static async Task<Contents> ReadManifestAsync(string source, CancellationToken cancellationToken)
    {
        try
        {
            var contents = JsonSerializer.Deserialize<Contents>(await File.ReadAllTextAsync(Path.Combine(source, Manifest), cancellationToken), RunJson.Options)!;
            return contents.Files.Keys.All(IsInside)
                ? contents
                : throw new BadInputException($"{source}: its {Manifest} names files outside of the backup; it was changed");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BadInputException($"{source}: it is no backup ({exception.Message}); `backup` writes one");
        }
    }

    private static bool IsInside(string file) => !Path.IsPathRooted(file) && !file.Split('/', '\\').Contains("..");

    private static async Task<SortedDictionary<string, string>> DigestsAsync(string folder, CancellationToken cancellationToken)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != Manifest))
        {
            await using var content = File.OpenRead(file);
            digests[Path.GetRelativePath(folder, file).Replace('\\', '/')] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }
        return digests;
    }
}
