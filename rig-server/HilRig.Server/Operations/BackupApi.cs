using System.Formats.Tar;
using HilRig.Server.Api;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Operations;

/// <summary><c>POST /api/v1/backup</c>: what <c>backup DIR</c> writes, as a tar.</summary>
internal static class BackupApi
{
    public static void MapBackup(this RouteGroupBuilder api) =>
        api.MapPost("/backup", BackUpAsync).WithSummary("Everything that the server keeps, its keys included, as a tar that `restore` takes once unpacked.").RequireAuthorization(Access.Admin)
            .Produces(StatusCodes.Status200OK, contentType: "application/x-tar").ProducesProblem(StatusCodes.Status507InsufficientStorage);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> BackUpAsync(
        HttpContext context, ServerOptions options, IDatabase database, DiskRoom room, TimeProvider time, CancellationToken cancellationToken)
    {
        if (room.Refusal is { } refusal)
            return Problems.NoRoom(refusal);
        var now = time.GetUtcNow();
        // In the data directory: its rights protect the keys in the copy as well.
        var folder = Path.Combine(options.Data, $".backup-{Guid.NewGuid():n}");
        try
        {
            await Backup.TakeAsync(options, folder, now, cancellationToken);
            await database.WriteAsync(
                async transaction =>
                {
                    await Audit.WriteAsync(transaction, now, Access.NameOf(context.User), "back up", "server");
                    return 0;
                },
                cancellationToken);
        }
        catch
        {
            Remove(folder);
            throw;
        }
        context.Response.OnCompleted(() =>
        {
            Remove(folder);
            return Task.CompletedTask;
        });
        return TypedResults.Stream(
            output => TarFile.CreateFromDirectoryAsync(folder, output, includeBaseDirectory: false, cancellationToken), "application/x-tar", $"hilrig-{now:yyyyMMdd-HHmmss}.tar");
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
