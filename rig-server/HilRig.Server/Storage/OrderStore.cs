using System.Data.Common;
using Dapper;
using HilRig.Model.Rig;

namespace HilRig.Server.Storage;

/// <inheritdoc cref="IOrderStore"/>
public sealed class OrderStore(IDatabase database) : IOrderStore
{
    private const string SelectOrder =
        """
        SELECT o.body AS Body, o.epoch AS Epoch, o.state AS State, o.ordered_ns AS OrderedAt, o.stop_requested AS StopRequested, r.run_key AS RunKey
        FROM run_order o LEFT JOIN run r ON r.run_id = o.run_id
        """;

    private sealed record OrderRow(string Body, long Epoch, string State, long OrderedAt, long StopRequested, long? RunKey);

    public Task EnqueueAsync(RunOrder order, DateTimeOffset at, CancellationToken cancellationToken) => ChangeAsync(
        transaction => ExecuteAsync(
            transaction,
            "INSERT INTO run_order (run_id, place, ordered_ns, body, state) VALUES (@RunId, @Place, @At, @Body, 'queued')",
            new { order.RunId, order.Place, At = StoredText.ToNanoseconds(at), Body = StoredText.ToJson(order) }),
        cancellationToken);

    public Task<RunOrder?> LeaseNextAsync(string place, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            var body = await transaction.Connection!.QueryFirstOrDefaultAsync<string>(
                $"SELECT body FROM run_order WHERE place = @place AND state = 'queued' ORDER BY position LIMIT 1{database.ForUpdateSkipLocked}",
                new { place }, transaction);
            if (body is null)
                return null;
            var order = StoredText.FromJson<RunOrder>(body);
            var epoch = await transaction.Connection!.ExecuteScalarAsync<long?>(
                """
                INSERT INTO lease (place, epoch, run_id) VALUES (@Place, 1, @RunId)
                ON CONFLICT (place) DO UPDATE SET epoch = lease.epoch + 1, run_id = @RunId WHERE lease.run_id IS NULL
                RETURNING epoch
                """,
                new { order.Place, order.RunId }, transaction);
            if (epoch is null)
                return null;
            await ExecuteAsync(transaction, "UPDATE run_order SET state = 'leased', epoch = @epoch WHERE run_id = @RunId", new { epoch, order.RunId });
            return order with { Epoch = epoch.Value };
        },
        cancellationToken);

    public Task<OrderRecord?> FindHolderAsync(string place, CancellationToken cancellationToken) =>
        FindAsync("JOIN lease l ON l.run_id = o.run_id WHERE l.place = @key", place, cancellationToken);

    public Task<OrderRecord?> FindOrderAsync(string runId, CancellationToken cancellationToken) =>
        FindAsync("WHERE o.run_id = @key", runId, cancellationToken);

    public async Task<IReadOnlyList<OrderRecord>> ListWaitingAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<OrderRow>(new CommandDefinition(
            $"{SelectOrder} WHERE o.state IN ('queued', 'leased') AND r.run_key IS NULL ORDER BY o.position", cancellationToken: cancellationToken));
        return [.. rows.Select(ToRecord)];
    }

    public Task<OrderRecord?> RequestStopAsync(string runId, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            await ExecuteAsync(transaction, "UPDATE run_order SET stop_requested = 1 WHERE run_id = @runId", new { runId });
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<OrderRow>($"{SelectOrder} WHERE o.run_id = @runId", new { runId }, transaction);
            return row is null ? null : ToRecord(row);
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
            SELECT p.name AS Name, p.board_type AS BoardType, p.agent AS Agent, l.run_id AS RunId
            FROM place p LEFT JOIN lease l ON l.place = p.name ORDER BY p.name
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
        StoredText.FromJson<RunOrder>(row.Body) with { Epoch = row.Epoch },
        StoredText.ToEnum<OrderState>(row.State),
        StoredText.ToTime(row.OrderedAt),
        row.StopRequested != 0,
        row.RunKey is not null);
}
