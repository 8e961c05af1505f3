using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Security;
using HilRig.Server.Storage;

namespace HilRig.Server.Retention;

/// <summary>Deletes what was kept long enough, and never anything of a protected run or of one that goes on.</summary>
public sealed partial class RetentionStore(IDatabase database, ArtifactStore artifacts, TimeProvider time)
{
    private sealed record OldRun(long RunKey, string RunId, string Summary);

    /// <summary>Protects a run from deletion; false where there is none.</summary>
    public Task<bool> ProtectAsync(string runId, string because, string by, CancellationToken cancellationToken) =>
        ChangeAsync(runId, $"{by}: {because}", "protect run", because, by, cancellationToken);

    public Task<bool> ReleaseAsync(string runId, string by, CancellationToken cancellationToken) =>
        ChangeAsync(runId, null, "end protection of run", "", by, cancellationToken);

    /// <summary>Who protects the run, and why; null for nobody.</summary>
    public async Task<string?> FindProtectionAsync(string runId, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await reader.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT protected_because FROM run WHERE run_id = @runId", new { runId }, cancellationToken: cancellationToken));
    }

    /// <summary>Deletes what is over its time, and answers how much.</summary>
    public async Task<Deleted> ApplyAsync(Keeping keeping, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var results = keeping.Results is { } forResults ? await DeleteAsync(now - forResults, "results", DeleteRunAsync, cancellationToken) : 0;
        var events = keeping.Events is { } forEvents ? await DeleteAsync(now - forEvents, "events", TrimAsync, cancellationToken) : 0;
        var evidence = keeping.Evidence is { } forEvidence ? await DeleteArtifactsAsync(now - forEvidence, cancellationToken) : 0;
        return new Deleted(results, events, evidence);
    }

    private Task<bool> ChangeAsync(string runId, string? because, string action, string detail, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await transaction.Connection!.ExecuteAsync("UPDATE run SET protected_because = @because WHERE run_id = @runId", new { because, runId }, transaction) == 0)
                return false;
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, action, runId, detail);
            return true;
        },
        cancellationToken);

    /// <summary>An open campaign counts its cycles anew each time: none may go before its goal is decided.</summary>
    private const string OfOpenCampaign = "o.campaign_id IN (SELECT campaign_id FROM campaign WHERE state IN ('running', 'paused'))";

    /// <summary>Each run in a transaction of its own: agents' events need not wait for a year's cleaning.</summary>
    private async Task<int> DeleteAsync(DateTimeOffset startedBefore, string what, Func<DbTransaction, OldRun, Task> delete, CancellationToken cancellationToken)
    {
        var mayGo = $"r.protected_because IS NULL{(what == "events" ? " AND r.trimmed_ns IS NULL" : "")} AND NOT EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = r.run_id AND (o.state = 'leased' OR {OfOpenCampaign}))";
        var deleted = 0;
        foreach (var run in await ListOldAsync(mayGo, startedBefore, cancellationToken))
        {
            deleted += await database.WriteAsync(
                async transaction =>
                {
                    // Somebody may have protected it since it was listed.
                    if (await transaction.Connection!.ExecuteScalarAsync<long?>($"SELECT r.run_key FROM run r WHERE r.run_key = @RunKey AND {mayGo}{database.ForUpdate}", run, transaction) is null)
                        return 0;
                    await delete(transaction, run);
                    await Audit.WriteAsync(transaction, time.GetUtcNow(), "retention", $"delete {what}", run.RunId);
                    return 1;
                },
                cancellationToken);
        }
        return deleted;
    }

    /// <summary>Runs that began before that time and have ended, or were silent since.</summary>
    private async Task<List<OldRun>> ListOldAsync(string mayGo, DateTimeOffset startedBefore, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var old = await reader.QueryAsync<OldRun>(new CommandDefinition(
            $"SELECT r.run_key AS RunKey, r.run_id AS RunId, r.summary AS Summary FROM run r WHERE r.started_ns < @Before AND {mayGo} ORDER BY r.run_key",
            new { Before = StoredText.ToNanoseconds(startedBefore) }, cancellationToken: cancellationToken));
        return [.. old.Where(run => StoredText.FromJson<RunSummary>(run.Summary) is var summary && (summary.Ended is not null || summary.LastEventAt < startedBefore))];
    }

    private static async Task DeleteRunAsync(DbTransaction transaction, OldRun run)
    {
        await ReleaseTally.RemoveAsync(transaction, run.RunKey);
        await transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM event WHERE run_key = @RunKey;
            DELETE FROM step WHERE run_key = @RunKey;
            DELETE FROM cycle WHERE run_key = @RunKey;
            DELETE FROM blame WHERE run_key = @RunKey;
            DELETE FROM tally WHERE (started_ns, run_key) IN (SELECT started_ns, run_key FROM run WHERE run_key = @RunKey);
            DELETE FROM run WHERE run_key = @RunKey
            """,
            run, transaction);
    }

    private Task TrimAsync(DbTransaction transaction, OldRun run) => transaction.Connection!.ExecuteAsync(
        "DELETE FROM event WHERE run_key = @RunKey; UPDATE run SET trimmed_ns = @Now WHERE run_key = @RunKey",
        new { run.RunKey, Now = StoredText.ToNanoseconds(time.GetUtcNow()) }, transaction);

    /// <summary>Files older than that which nothing names that is to be kept: no open order or campaign, no protected run, no run begun since.</summary>
    private async Task<int> DeleteArtifactsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var texts = await reader.QueryAsync<string>(new CommandDefinition(
            """
            SELECT body FROM run_order WHERE state IN ('queued', 'leased') AND body LIKE '%igest":"%'
            UNION ALL
            SELECT plan FROM campaign WHERE state IN ('running', 'paused')
            UNION ALL
            SELECT e.body FROM event e JOIN run r ON r.run_key = e.run_key
            WHERE (r.protected_because IS NOT NULL OR r.started_ns >= @Before) AND e.body LIKE '%igest":"%'
            """,
            new { Before = StoredText.ToNanoseconds(before) }, cancellationToken: cancellationToken));
        foreach (var text in texts)
            kept.UnionWith(Digest().Matches(text).Select(match => match.Value));
        return artifacts.DeleteOlder(before, kept);
    }

    [GeneratedRegex("\\b[0-9a-f]{64}\\b")]
    private static partial Regex Digest();
}

/// <param name="Results">Runs of which nothing is left.</param>
/// <param name="Events">Runs of which the results are left.</param>
/// <param name="Evidence">Files.</param>
public sealed record Deleted(int Results, int Events, int Evidence);
