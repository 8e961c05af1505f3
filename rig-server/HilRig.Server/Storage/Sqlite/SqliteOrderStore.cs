using Dapper;
using HilRig.Model.Rig;

namespace HilRig.Server.Storage.Sqlite;

/// <inheritdoc cref="IOrderStore"/>
public sealed class SqliteOrderStore(SqliteDatabase database) : IOrderStore
{
    private const string SelectOrder =
        """
        SELECT o.body Body, o.epoch Epoch, o.state State, o.ordered_ns OrderedAt, o.stop_requested StopRequested, r.run_key RunKey
        FROM run_order o LEFT JOIN run r ON r.run_id = o.run_id
        """;

    private sealed record OrderRow(string Body, long Epoch, string State, long OrderedAt, long StopRequested, long? RunKey);

    public Task EnqueueAsync(RunOrder order, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            "INSERT INTO run_order (run_id, place, ordered_ns, body, state) VALUES (@RunId, @Place, @At, @Body, 'queued')",
            new { order.RunId, order.Place, At = StoredText.ToNanoseconds(at), Body = StoredText.ToJson(order) },
            transaction),
        cancellationToken);

    public Task<RunOrder?> LeaseNextAsync(string place, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) =>
        {
            var next = connection.QueryFirstOrDefault<OrderRow>(
                $"{SelectOrder} WHERE o.place = @place AND o.state = 'queued' ORDER BY o.position LIMIT 1", new { place }, transaction);
            if (next is null)
                return null;
            var order = StoredText.FromJson<RunOrder>(next.Body);
            var epoch = connection.ExecuteScalar<long?>(
                """
                INSERT INTO lease (place, epoch, run_id) VALUES (@Place, 1, @RunId)
                ON CONFLICT (place) DO UPDATE SET epoch = epoch + 1, run_id = @RunId WHERE run_id IS NULL
                RETURNING epoch
                """,
                new { order.Place, order.RunId }, transaction);
            if (epoch is null)
                return null;
            connection.Execute(
                "UPDATE run_order SET state = 'leased', epoch = @epoch WHERE run_id = @RunId", new { epoch, order.RunId }, transaction);
            return order with { Epoch = epoch.Value };
        },
        cancellationToken);

    public Task<OrderRecord?> FindHolderAsync(string place, CancellationToken cancellationToken) =>
        FindAsync("JOIN lease l ON l.run_id = o.run_id WHERE l.place = @key", place, cancellationToken);

    public Task<OrderRecord?> FindOrderAsync(string runId, CancellationToken cancellationToken) =>
        FindAsync("WHERE o.run_id = @key", runId, cancellationToken);

    public async Task<IReadOnlyList<OrderRecord>> ListWaitingAsync(CancellationToken cancellationToken)
    {
        await using var reader = database.OpenReader();
        var rows = await reader.QueryAsync<OrderRow>(new CommandDefinition(
            $"{SelectOrder} WHERE o.state IN ('queued', 'leased') AND r.run_key IS NULL ORDER BY o.position", cancellationToken: cancellationToken));
        return [.. rows.Select(ToRecord)];
    }

    public Task<OrderRecord?> RequestStopAsync(string runId, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) =>
        {
            var row = connection.QuerySingleOrDefault<OrderRow>($"{SelectOrder} WHERE o.run_id = @runId", new { runId }, transaction);
            connection.Execute("UPDATE run_order SET stop_requested = 1 WHERE run_id = @runId", new { runId }, transaction);
            return row is null ? null : ToRecord(row);
        },
        cancellationToken);

    public Task CloseAsync(string runId, OrderState state, string because, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            """
            UPDATE run_order SET state = @State, closed_ns = @At, closed_because = @because
            WHERE run_id = @runId AND state IN ('queued', 'leased');
            UPDATE lease SET run_id = NULL WHERE run_id = @runId;
            """,
            new { runId, State = StoredText.ToText(state), At = StoredText.ToNanoseconds(at), because },
            transaction),
        cancellationToken);

    public Task SavePlacesAsync(string agent, IReadOnlyList<PlaceInfo> places, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            """
            INSERT INTO place (name, board_type, tags, agent) VALUES (@Name, @BoardType, @Tags, @agent)
            ON CONFLICT (name) DO UPDATE SET board_type = @BoardType, tags = @Tags, agent = @agent
            """,
            places.Select(place => new { place.Name, place.BoardType, Tags = StoredText.ToJson(place.Tags), agent }),
            transaction),
        cancellationToken);

    public async Task<IReadOnlyList<PlaceRecord>> ListPlacesAsync(CancellationToken cancellationToken)
    {
        await using var reader = database.OpenReader();
        var rows = await reader.QueryAsync<PlaceRecord>(new CommandDefinition(
            """
            SELECT p.name Name, p.board_type BoardType, p.agent Agent, l.run_id RunId
            FROM place p LEFT JOIN lease l ON l.place = p.name ORDER BY p.name
            """,
            cancellationToken: cancellationToken));
        return [.. rows];
    }

    private async Task<OrderRecord?> FindAsync(string condition, string key, CancellationToken cancellationToken)
    {
        await using var reader = database.OpenReader();
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
