using System.Data.Common;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Server.Security;

namespace HilRig.Server.Storage;

/// <inheritdoc cref="IOrderStore"/>
public sealed class OrderStore(IDatabase database) : IOrderStore
{
    private const string SelectOrder =
        """
        SELECT o.body AS Body, o.epoch AS Epoch, o.state AS State, o.ordered_ns AS OrderedAt, o.stop_requested AS StopRequested, r.run_key AS RunKey,
               o.place AS Place, o.priority AS Priority, o.needs AS Needs, o.ends_ns AS Ends
        FROM run_order o LEFT JOIN run r ON r.run_id = o.run_id
        """;

    private sealed record OrderRow(string Body, long Epoch, string State, long OrderedAt, long StopRequested, long? RunKey, string Place, long Priority, string? Needs, long? Ends);

    public Task EnqueueAsync(RunOrder order, OrderTerms terms, string by, DateTimeOffset at, CancellationToken cancellationToken) =>
        ChangeAsync(transaction => InsertAsync(transaction, order, terms, by, at), cancellationToken);

    /// <summary>The same as a part of a larger change.</summary>
    internal static async Task<int> InsertAsync(DbTransaction transaction, RunOrder order, OrderTerms terms, string by, DateTimeOffset at)
    {
        await Audit.WriteAsync(transaction, at, by, "order run", order.RunId, order.SequenceName);
        return await ExecuteAsync(
            transaction,
            """
            INSERT INTO run_order (run_id, place, ordered_ns, body, state, priority, needs, ends_ns, campaign_id, rerun_of, looked_into)
            VALUES (@RunId, @Place, @At, @Body, 'queued', @Priority, @Needs, @Ends, @Campaign, @RerunOf, 0)
            """,
            new
            {
                order.RunId,
                order.Place,
                At = StoredText.ToNanoseconds(at),
                Body = StoredText.ToJson(order),
                terms.Priority,
                Needs = terms.Needs is null ? null : StoredText.ToJson(terms.Needs),
                Ends = terms.Until is { } until ? StoredText.ToNanoseconds(until) : (long?)null,
                terms.Campaign,
                terms.RerunOf,
            });
    }

    public Task<RunOrder?> LeaseNextAsync(string place, DateTimeOffset at, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            if (await LeaseStore.TakeNextAsync(transaction, place, database.ForUpdateSkipLocked) is not { } body)
                return null;
            var order = StoredText.FromJson<RunOrder>(body);
            return await LeaseStore.GrantAsync(transaction, place, order.RunId, at) is { } epoch ? order with { Epoch = epoch, Place = place } : null;
        },
        cancellationToken);

    public Task KeepLeasesAsync(IReadOnlyList<(string Place, DateTimeOffset Heard)> holders, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => ExecuteAsync(
            transaction, "UPDATE lease SET seen_ns = @Seen WHERE place = @Place AND run_id IS NOT NULL AND seen_ns < @Seen",
            holders.Select(holder => new { Seen = StoredText.ToNanoseconds(holder.Heard), holder.Place })),
        cancellationToken);

    public Task<IReadOnlyList<string>> ExpireLeasesAsync(DateTimeOffset silentSince, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var runs = await LeaseStore.ExpireAsync(transaction, silentSince, at, database.ForUpdateSkipLocked);
            if (runs.Count > 0)
                await database.NotifyAsync(transaction, Notice.Orders);
            return runs;
        },
        cancellationToken);

    public Task<bool> ReviveAsync(string runId, string place, DateTimeOffset at, CancellationToken cancellationToken) => ChangeAsync(
        transaction => LeaseStore.ReviveAsync(transaction, runId, place, at), cancellationToken);

    public async Task<IReadOnlyList<OrderRecord>> ListOverdueAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<OrderRow>(new CommandDefinition(
            $"{SelectOrder} WHERE o.state = 'leased' AND o.ends_ns <= @At", new { At = StoredText.ToNanoseconds(at) }, cancellationToken: cancellationToken));
        return [.. rows.Select(ToRecord)];
    }

    public Task<OrderRecord?> FindHolderAsync(string place, CancellationToken cancellationToken) =>
        FindAsync("JOIN lease l ON l.run_id = o.run_id WHERE l.place = @key", place, cancellationToken);

    public Task<OrderRecord?> FindOrderAsync(string runId, CancellationToken cancellationToken) =>
        FindAsync("WHERE o.run_id = @key", runId, cancellationToken);

    public async Task<IReadOnlyList<OrderRecord>> ListWaitingAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<OrderRow>(new CommandDefinition(
            $"{SelectOrder} WHERE o.state IN ('queued', 'leased') AND r.run_key IS NULL ORDER BY o.priority DESC, o.position", cancellationToken: cancellationToken));
        return [.. rows.Select(ToRecord)];
    }

    public Task<OrderRecord?> RequestStopAsync(string runId, string by, DateTimeOffset at, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            await ExecuteAsync(transaction, "UPDATE run_order SET stop_requested = 1 WHERE run_id = @runId", new { runId });
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<OrderRow>($"{SelectOrder} WHERE o.run_id = @runId", new { runId }, transaction);
            if (row is not null)
                await Audit.WriteAsync(transaction, at, by, "stop run", runId);
            return row is null ? null : ToRecord(row);
        },
        cancellationToken);

    public Task NoteSteeringAsync(string runId, RunSteering steering, string by, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            await Audit.WriteAsync(transaction, at, by, $"steer run: {StoredText.ToText(steering)}", runId);
            return true;
        },
        cancellationToken);

    public Task CloseAsync(string runId, OrderState state, string because, DateTimeOffset at, CancellationToken cancellationToken) => ChangeAsync(
        transaction => ExecuteAsync(
            transaction,
            """
            UPDATE run_order SET state = @State, closed_ns = @At, closed_because = @because
            WHERE run_id = @runId AND state IN ('queued', 'leased');
            UPDATE lease SET run_id = NULL WHERE run_id = @runId;
            """,
            new { runId, State = StoredText.ToText(state), At = StoredText.ToNanoseconds(at), because }),
        cancellationToken);

    public Task SavePlacesAsync(string agent, IReadOnlyList<PlaceInfo> places, CancellationToken cancellationToken) => ChangeAsync(
        transaction => ExecuteAsync(
            transaction,
            """
            INSERT INTO place (name, board_type, tags, agent) VALUES (@Name, @BoardType, @Tags, @agent)
            ON CONFLICT (name) DO UPDATE SET board_type = @BoardType, tags = @Tags, agent = @agent
            """,
            places.Select(place => new { place.Name, place.BoardType, Tags = StoredText.ToJson(place.Tags), agent })),
        cancellationToken);

    public async Task<IReadOnlyList<PlaceRecord>> ListPlacesAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<PlaceRecord>(new CommandDefinition(
            """
            SELECT p.name AS Name, p.board_type AS BoardType, p.agent AS Agent, l.run_id AS RunId, p.tags AS Tags, l.epoch AS Epoch, l.seen_ns AS Seen, o.ends_ns AS Ends
            FROM place p LEFT JOIN lease l ON l.place = p.name LEFT JOIN run_order o ON o.run_id = l.run_id ORDER BY p.name
            """,
            cancellationToken: cancellationToken));
        return [.. rows];
    }

    /// <summary>Every change of orders and places is told to the other servers, which may have what it was waiting for. Null says that nothing changed.</summary>
    private Task<T> ChangeAsync<T>(Func<DbTransaction, Task<T>> change, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var result = await change(transaction);
            if (result is not null)
                await database.NotifyAsync(transaction, Notice.Orders);
            return result;
        },
        cancellationToken);

    private static Task<int> ExecuteAsync(DbTransaction transaction, string sql, object parameters) =>
        transaction.Connection!.ExecuteAsync(sql, parameters, transaction);

    private async Task<OrderRecord?> FindAsync(string condition, string key, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var row = await reader.QuerySingleOrDefaultAsync<OrderRow>(
            new CommandDefinition($"{SelectOrder} {condition}", new { key }, cancellationToken: cancellationToken));
        return row is null ? null : ToRecord(row);
    }

    private static OrderRecord ToRecord(OrderRow row) => new(
        StoredText.FromJson<RunOrder>(row.Body) with { Epoch = row.Epoch, Place = row.Place },
        StoredText.ToEnum<OrderState>(row.State),
        StoredText.ToTime(row.OrderedAt),
        row.StopRequested != 0,
        row.RunKey is not null,
        (int)row.Priority,
        row.Place.Length > 0 || row.Needs is null ? null : StoredText.FromJson<PlaceNeeds>(row.Needs),
        row.Ends is { } ends ? StoredText.ToTime(ends) : null);
}
