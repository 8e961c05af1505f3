using System.CommandLine;
using System.Formats.Tar;
using System.Text.Json;
using HilRig.Model;

namespace HilRig.Cli.Lab;

/// <summary><c>backup DIR</c>: everything that a server keeps, taken while it runs; <c>./rig server restore DIR</c> takes it.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var target = new Argument<DirectoryInfo>("directory") { Description = "An empty or new directory of this machine." };
        var command = LabVerb.Create("backup", "Copy everything that the server keeps, its keys included", async (parsed, server, output, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(target);
            if (directory.Exists && directory.EnumerateFileSystemInfos().Any())
                throw new BadInputException($"{directory}: it is not empty; a backup goes into a directory of its own");
            if (OperatingSystem.IsWindows())
                directory.Create();
            else
                Directory.CreateDirectory(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await server.DownloadAsync(HttpMethod.Post, "/api/v1/backup", async content => await TarFile.ExtractToDirectoryAsync(content, directory.FullName, overwriteFiles: false, cancellationToken), cancellationToken);
            var files = directory.EnumerateFiles("*", SearchOption.AllDirectories).Count();
            LabVerb.Print(parsed, output, JsonSerializer.SerializeToElement(new { directory = directory.FullName, files }), (_, _) => [$"{directory}: {files} files; ./rig server restore {directory} --data NEW brings them back"]);
            return ExitCode.Pass;
        });
        command.Add(target);
        return command;
    }
}
