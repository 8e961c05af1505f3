using System.Data.Common;
using Dapper;
using HilRig.Model.Rig;

namespace HilRig.Server.Storage;

/// <summary>The statements about who may use a place; a part of <see cref="OrderStore"/>'s transactions.</summary>
internal static class LeaseStore
{
    private const int MostCandidates = 200;

    private sealed record Announced(string BoardType, string Tags);

    private sealed record Candidate(string RunId, string Place, string? Needs);

    /// <summary>
    /// The next order that the place may run, locked against other servers, or null. The highest priority first, then the oldest;
    /// orders that name no place go to any that has what they need.
    /// </summary>
    public static async Task<string?> TakeNextAsync(DbTransaction transaction, string place, string skipLocked)
    {
        var connection = transaction.Connection!;
        var known = await connection.QuerySingleOrDefaultAsync<Announced>(
            "SELECT board_type AS BoardType, tags AS Tags FROM place WHERE name = @place", new { place }, transaction);
        var info = new PlaceInfo(place, known?.BoardType ?? "", known is null ? [] : StoredText.FromJson<List<string>>(known.Tags));
        var candidates = await connection.QueryAsync<Candidate>(
            $"""
            SELECT run_id AS RunId, place AS Place, needs AS Needs FROM run_order
            WHERE state = 'queued' AND place IN (@place, '') AND NOT EXISTS (SELECT 1 FROM pause WHERE pause.place IN (@place, '*'))
            ORDER BY priority DESC, position LIMIT {MostCandidates}
            """,
            new { place }, transaction);
        foreach (var candidate in candidates)
        {
            if (candidate.Place != place && !StoredText.FromJson<PlaceNeeds>(candidate.Needs!).AreMetBy(info))
                continue;
            var body = await connection.QuerySingleOrDefaultAsync<string>(
                $"SELECT body FROM run_order WHERE run_id = @RunId AND state = 'queued'{skipLocked}", candidate, transaction);
            if (body is not null)
                return body;
        }
        return null;
    }

    /// <summary>Gives the place to the run under a new epoch, which is null where somebody else has it.</summary>
    public static async Task<long?> GrantAsync(DbTransaction transaction, string place, string runId, DateTimeOffset at)
    {
        var now = StoredText.ToNanoseconds(at);
        var epoch = await transaction.Connection!.ExecuteScalarAsync<long?>(
            """
            INSERT INTO lease (place, epoch, run_id, seen_ns) VALUES (@place, 1, @runId, @now)
            ON CONFLICT (place) DO UPDATE SET epoch = lease.epoch + 1, run_id = @runId, seen_ns = @now WHERE lease.run_id IS NULL
            RETURNING epoch
            """,
            new { place, runId, now }, transaction);
        if (epoch is not null)
        {
            await transaction.Connection!.ExecuteAsync(
                "UPDATE run_order SET state = 'leased', epoch = @epoch, place = @place, ends_ns = coalesce(ends_ns, @Ends) WHERE run_id = @runId",
                new { epoch, place, runId, Ends = StoredText.ToNanoseconds(at + OrderTerms.LongestLease) }, transaction);
        }
        return epoch;
    }

    /// <summary>Gives up the leases that were last heard of before <paramref name="silentSince"/>; answers their runs. What had not begun waits again.</summary>
    public static async Task<IReadOnlyList<string>> ExpireAsync(DbTransaction transaction, DateTimeOffset silentSince, DateTimeOffset at, string skipLocked)
    {
        var connection = transaction.Connection!;
        var expired = (await connection.QueryAsync<string>(
            $"SELECT run_id FROM lease WHERE run_id IS NOT NULL AND seen_ns < @Since{skipLocked}", new { Since = StoredText.ToNanoseconds(silentSince) }, transaction)).AsList();
        await connection.ExecuteAsync(
            """
            UPDATE run_order SET state = 'lost', closed_ns = @At, closed_because = 'its agent was not heard of for two heartbeats; what it had sent is kept'
            WHERE run_id = @RunId AND state = 'leased' AND EXISTS (SELECT 1 FROM run WHERE run.run_id = @RunId);
            UPDATE run_order SET state = 'queued', place = CASE WHEN needs IS NULL THEN place ELSE '' END WHERE run_id = @RunId AND state = 'leased';
            UPDATE lease SET run_id = NULL WHERE run_id = @RunId
            """,
            expired.Select(runId => new { RunId = runId, At = StoredText.ToNanoseconds(at) }), transaction);
        return expired;
    }

    /// <summary>Gives the place back to a run that was given up, unless somebody had it since; answers whether it was.</summary>
    public static async Task<bool> ReviveAsync(DbTransaction transaction, string runId, string place, DateTimeOffset at)
    {
        var revived = await transaction.Connection!.ExecuteAsync(
            """
            UPDATE lease SET run_id = @runId, seen_ns = @Now WHERE place = @place AND run_id IS NULL
            AND EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = @runId AND o.place = lease.place AND o.epoch = lease.epoch AND o.state IN ('lost', 'queued'))
            """,
            new { runId, place, Now = StoredText.ToNanoseconds(at) }, transaction);
        if (revived == 0)
            return false;
        await transaction.Connection!.ExecuteAsync(
            "UPDATE run_order SET state = 'leased', closed_ns = NULL, closed_because = NULL WHERE run_id = @runId", new { runId }, transaction);
        return true;
    }
}
