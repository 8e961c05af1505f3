using System.Data.Common;
using Dapper;
using HilRig.Analysis.Campaigns;
using HilRig.Model.Campaigns;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using HilRig.Server.Webhooks;

namespace HilRig.Server.Campaigns;

/// <summary>Campaigns and which runs are theirs.</summary>
public sealed class CampaignStore(IDatabase database, TimeProvider time)
{
    private const string Select =
        """
        SELECT campaign_id AS Id, plan AS Plan, state AS State, priority AS Priority, who AS Who, ordered_ns AS Ordered, resumed_ns AS Resumed, closed_ns AS Closed, because AS Because
        FROM campaign
        """;

    private sealed record Row(string Id, string Plan, string State, long Priority, string Who, long Ordered, long Resumed, long? Closed, string? Because);

    private sealed record RunRow(string RunId, string Place, string State, long Ordered, string Body, string? Summary, string? ClosedBecause);

    public Task AddAsync(Campaign campaign, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO campaign (campaign_id, plan, state, priority, who, ordered_ns, resumed_ns, served_ns)
                VALUES (@Id, @Plan, 'running', @Priority, @By, @Now, @Now, 0)
                """,
                new { campaign.Id, Plan = StoredText.ToJson(campaign.Plan), campaign.Priority, campaign.By, Now = StoredText.ToNanoseconds(campaign.OrderedAt) }, transaction);
            await Audit.WriteAsync(transaction, campaign.OrderedAt, campaign.By, "order campaign", campaign.Id, campaign.Plan.Name);
            return true;
        },
        cancellationToken);

    public async Task<StoredCampaign?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return ToCampaign(await reader.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"{Select} WHERE campaign_id = @id", new { id }, cancellationToken: cancellationToken)));
    }

    /// <summary>The newest first; before the one given, and of one state, where they are not null.</summary>
    public async Task<IReadOnlyList<StoredCampaign>> ListAsync(CampaignState? state, string? before, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<Row>(new CommandDefinition(
            $"""
            {Select} WHERE (CAST(@State AS TEXT) IS NULL OR state = @State)
            AND (CAST(@before AS TEXT) IS NULL OR position < (SELECT c.position FROM campaign c WHERE c.campaign_id = @before))
            ORDER BY position DESC LIMIT @limit
            """,
            new { State = state is { } one ? StoredText.ToText(one) : null, before, limit }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => ToCampaign(row)!)];
    }

    /// <summary>Those that are running or paused: the highest priority first, then the one whose turn is longest ago.</summary>
    public async Task<IReadOnlyList<StoredCampaign>> ListOpenAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<Row>(new CommandDefinition(
            $"{Select} WHERE state IN ('running', 'paused') ORDER BY priority DESC, served_ns, position", cancellationToken: cancellationToken));
        return [.. rows.Select(row => ToCampaign(row)!)];
    }

    public async Task<IReadOnlyList<CampaignRun>> ReadRunsAsync(string id, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await ReadRunsAsync(reader, null, id);
    }

    /// <summary>Goes on with an open campaign: a paused one runs again, and one whose places were set aside tries them again. False where it is over.</summary>
    public Task<bool> ResumeAsync(string id, string by, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            var now = time.GetUtcNow();
            var changed = await transaction.Connection!.ExecuteAsync(
                "UPDATE campaign SET state = 'running', because = NULL, resumed_ns = @Now WHERE campaign_id = @id AND state IN ('running', 'paused')",
                new { id, Now = StoredText.ToNanoseconds(now) }, transaction);
            if (changed > 0)
                await Audit.WriteAsync(transaction, now, by, "campaign running", id);
            return changed > 0;
        },
        cancellationToken);

    /// <summary>Pauses or ends an open campaign; false where it is none, or has that state.</summary>
    public Task<bool> ChangeStateAsync(string id, CampaignState state, string? because, string by, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            var now = time.GetUtcNow();
            var changed = await transaction.Connection!.ExecuteAsync(
                """
                UPDATE campaign SET state = @State, because = @because, closed_ns = @Closed
                WHERE campaign_id = @id AND state IN ('running', 'paused') AND state <> @State
                """,
                new { id, State = StoredText.ToText(state), because, Closed = state is CampaignState.Paused ? (long?)null : StoredText.ToNanoseconds(now) }, transaction);
            if (changed > 0)
            {
                await Audit.WriteAsync(transaction, now, by, $"campaign {StoredText.ToText(state)}", id, because ?? "");
                if (state is not CampaignState.Paused)
                    await AnnounceAsync(transaction, id, now);
            }
            return changed > 0;
        },
        cancellationToken);

    /// <summary>Changes the priority of an open campaign and of its runs that wait; false where it is none.</summary>
    public Task<bool> PrioritiseAsync(string id, int priority, string by, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            var changed = await transaction.Connection!.ExecuteAsync(
                "UPDATE campaign SET priority = @priority WHERE campaign_id = @id AND state IN ('running', 'paused')", new { id, priority }, transaction);
            if (changed == 0)
                return false;
            await transaction.Connection!.ExecuteAsync("UPDATE run_order SET priority = @priority WHERE campaign_id = @id AND state = 'queued'", new { id, priority }, transaction);
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "prioritise campaign", id, $"priority {priority}");
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Lets <paramref name="choose"/> order runs for places that are idle, not paused, and have nothing of this priority waiting. The campaign's row is
    /// locked meanwhile, so that two servers cannot both order the last cycle. Answers how many were ordered.
    /// </summary>
    public Task<int> AllotAsync(string id, Func<IReadOnlyList<CampaignRun>, IReadOnlySet<string>, IReadOnlyList<RunOrder>> choose, CancellationToken cancellationToken) => ChangeAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var row = await connection.QuerySingleOrDefaultAsync<Row>($"{Select} WHERE campaign_id = @id AND state = 'running'{database.ForUpdate}", new { id }, transaction);
            if (row is null)
                return 0;
            var idle = await connection.QueryAsync<string>(
                """
                SELECT p.name FROM place p
                WHERE NOT EXISTS (SELECT 1 FROM lease l WHERE l.place = p.name AND l.run_id IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM pause WHERE pause.place IN (p.name, '*'))
                AND NOT EXISTS (SELECT 1 FROM run_order o WHERE o.place = p.name AND o.state IN ('queued', 'leased') AND o.state = 'queued' AND o.priority >= @Priority)
                """,
                new { row.Priority }, transaction);
            var orders = choose(await ReadRunsAsync(connection, transaction, id), idle.ToHashSet(StringComparer.Ordinal));
            var now = time.GetUtcNow();
            foreach (var order in orders)
                await OrderStore.InsertAsync(transaction, order, new OrderTerms((int)row.Priority, Campaign: id), $"campaign {id}", now);
            if (orders.Count > 0)
                await connection.ExecuteAsync("UPDATE campaign SET served_ns = @Now WHERE campaign_id = @id", new { id, Now = StoredText.ToNanoseconds(now) }, transaction);
            return orders.Count;
        },
        cancellationToken);

    private static async Task AnnounceAsync(DbTransaction transaction, string id, DateTimeOffset now)
    {
        var over = ToCampaign(await transaction.Connection!.QuerySingleAsync<Row>($"{Select} WHERE campaign_id = @id", new { id }, transaction))!.Campaign;
        await new Announcement(Announcement.CampaignDone, $"campaign:{id}", $"{over.Plan.Name} {StoredText.ToText(over.State)}: {over.Because}", over).WriteAsync(transaction, now);
    }

    private static async Task<IReadOnlyList<CampaignRun>> ReadRunsAsync(DbConnection connection, DbTransaction? transaction, string id)
    {
        var runs = await connection.QueryAsync<RunRow>(
            """
            SELECT o.run_id AS RunId, o.place AS Place, o.state AS State, o.ordered_ns AS Ordered, o.body AS Body, r.summary AS Summary,
                   o.closed_because AS ClosedBecause
            FROM run_order o LEFT JOIN run r ON r.run_id = o.run_id WHERE o.campaign_id = @id ORDER BY o.position
            """,
            new { id }, transaction);
        var cycles = await connection.QueryAsync<(string RunId, string Verdict, string Layer, long Count)>(
            """
            SELECT r.run_id AS RunId, c.verdict AS Verdict, c.layer AS Layer, count(*) AS Count
            FROM run_order o JOIN run r ON r.run_id = o.run_id JOIN cycle c ON c.run_key = r.run_key
            WHERE o.campaign_id = @id GROUP BY r.run_id, c.verdict, c.layer
            """,
            new { id }, transaction);
        var outcomes = cycles.ToLookup(row => row.RunId, row => new CycleCount(StoredText.ToEnum<Verdict>(row.Verdict), StoredText.ToEnum<Layer>(row.Layer), row.Count));
        return
        [
            .. runs.Select(row => new CampaignRun(
                row.RunId, row.Place, row.State is "queued" or "leased", StoredText.FromJson<RunOrder>(row.Body).Cycles, StoredText.ToTime(row.Ordered),
                row.Summary is null ? null : RunStore.ToSummary(row.Summary, row.State == "lost" ? row.ClosedBecause : null), [.. outcomes[row.RunId]])),
        ];
    }

    /// <summary>Other servers may have the agents that wait for it.</summary>
    private Task<T> ChangeAsync<T>(Func<DbTransaction, Task<T>> change, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var result = await change(transaction);
            await database.NotifyAsync(transaction, Notice.Orders);
            return result;
        },
        cancellationToken);

    private static StoredCampaign? ToCampaign(Row? row) => row is null ? null : new StoredCampaign(
        new Campaign(
            row.Id, StoredText.FromJson<CampaignPlan>(row.Plan), StoredText.ToEnum<CampaignState>(row.State), (int)row.Priority, row.Who,
            StoredText.ToTime(row.Ordered), row.Closed is { } closed ? StoredText.ToTime(closed) : null, row.Because),
        StoredText.ToTime(row.Resumed));
}

/// <param name="ResumedAt">When it was ordered or last resumed.</param>
public sealed record StoredCampaign(Campaign Campaign, DateTimeOffset ResumedAt);
