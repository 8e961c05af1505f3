using Dapper;
using HilRig.Server.Judging;
using HilRig.Server.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HilRig.Server.Operations;

/// <summary>Ready: the database answers, the disk has room for what agents send, and the flags are those of the whole history.</summary>
internal sealed class Readiness(IDatabase database, DiskRoom room, FlagBook flags) : IHealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Deadline);
        try
        {
            await using var reader = await database.OpenReaderAsync(patience.Token);
            await reader.ExecuteScalarAsync<int>(new CommandDefinition("SELECT 1", cancellationToken: patience.Token));
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or ObjectDisposedException || !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the database does not answer", exception);
        }
        if (room.Refusal is { } refusal)
            return HealthCheckResult.Unhealthy(refusal);
        return flags.Complete.IsCompleted
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"the flags are not complete: {flags.Samples} samples of the history are judged, more are being read; runs go on meanwhile");
    }
}
