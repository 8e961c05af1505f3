using Dapper;
using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Server.Security;
using HilRig.Server.Storage;

namespace HilRig.Server.SignOffs;

/// <summary>Plans, the runs that count for them, and approvals.</summary>
public sealed class SignOffStore(IDatabase database, TimeProvider time)
{
    private const int MostSignOffs = 50;
    private const string Select = "SELECT sign_off_id AS Id, plan AS Plan, who AS Who, registered_ns AS Registered, runs AS Runs FROM sign_off";

    private sealed record Row(string Id, string Plan, string Who, long Registered, string? Runs);

    private sealed record ApprovalRow(string Name, string Role, long At, string Head);

    private sealed record RunRow(string RunId, long Position, long Ended, string? Lost);

    public async Task<IReadOnlyList<StoredSignOff>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return [.. (await reader.QueryAsync<Row>(new CommandDefinition($"{Select} ORDER BY position DESC LIMIT {MostSignOffs}", cancellationToken: cancellationToken))).Select(ToSignOff)];
    }

    public Task<StoredSignOff?> FindAsync(string id, CancellationToken cancellationToken) => FindAsync("sign_off_id", id, cancellationToken);

    public Task<StoredSignOff?> FindOfReleaseAsync(string release, CancellationToken cancellationToken) => FindAsync("release", release, cancellationToken);

    public async Task<IReadOnlyList<SignOffApproval>> ListApprovalsAsync(string id, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<ApprovalRow>(new CommandDefinition(
            "SELECT name AS Name, role AS Role, at_ns AS At, head AS Head FROM approval WHERE sign_off_id = @id ORDER BY at_ns", new { id }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new SignOffApproval(row.Name, row.Role, StoredText.ToTime(row.At), row.Head))];
    }

    /// <summary>
    /// The runs that count: those it was closed with, else those of the plan's releases, places and sequences begun since it was registered.
    /// Repetitions, which were chosen for a failure, are none, whether ordered by the discrimination or by auto-investigation.
    /// </summary>
    public async Task<IReadOnlyList<SignOffRun>> ListRunsAsync(StoredSignOff signOff, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var which = signOff.Runs is null
            ? $"""
            r.release IN (@Release, @Golden) AND r.started_ns >= @Registered AND r.place {database.Among("@Places")} AND r.sequence {database.Among("@Sequences")}
            AND r.run_id NOT LIKE '{InvestigationRun.Prefix}%' AND NOT EXISTS (SELECT 1 FROM run_order x WHERE x.run_id = r.run_id AND x.rerun_of IS NOT NULL)
            """
            : $"r.run_id {database.Among("@Runs")}";
        var rows = await reader.QueryAsync<RunRow>(new CommandDefinition(
            $"""
            SELECT r.run_id AS RunId, r.position AS Position, r.ended AS Ended, o.run_id AS Lost
            FROM run r LEFT JOIN run_order o ON o.run_id = r.run_id AND o.state = 'lost' WHERE {which} ORDER BY r.run_key
            """,
            new
            {
                Release = StoredText.ToColumn(signOff.Plan.Release),
                Golden = StoredText.ToColumn(signOff.Plan.Golden ?? signOff.Plan.Release),
                Registered = StoredText.ToNanoseconds(signOff.RegisteredAt),
                Places = StoredText.ToJson(signOff.Plan.Places),
                Sequences = StoredText.ToJson(signOff.Plan.Mix.Keys),
                Runs = StoredText.ToJson(signOff.Runs ?? []),
            },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new SignOffRun(row.RunId, row.Position, row.Ended != 0 || row.Lost is not null))];
    }

    /// <summary>Fixes the plan. Throws <see cref="BadInputException"/> where the release has another one with samples.</summary>
    public async Task<StoredSignOff> RegisterAsync(SignOffPlan plan, string by, CancellationToken cancellationToken)
    {
        var held = await FindOfReleaseAsync(plan.Release, cancellationToken);
        if (held is not null && held.Plan.Differences(plan) is var differences && (await ListRunsAsync(held, cancellationToken)).Count > 0)
        {
            throw new BadInputException(differences.Count == 0
                ? $"plan: it is registered for {plan.Release} already, since {held.RegisteredAt:u}"
                : $"plan: the sign-off of {plan.Release} has samples, and is decided by the plan that stood before them; this one differs: {string.Join("; ", differences)}");
        }
        return await database.WriteAsync(
            async transaction =>
            {
                var now = time.GetUtcNow();
                var id = $"s-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(plan.Release)).AsSpan(0, 6))}";
                await transaction.Connection!.ExecuteAsync(
                    """
                    INSERT INTO sign_off (sign_off_id, release, plan, who, registered_ns) VALUES (@id, @Release, @Plan, @by, @Now)
                    ON CONFLICT (release) DO UPDATE SET plan = @Plan, who = @by, registered_ns = @Now
                    """,
                    new { id, Release = StoredText.ToColumn(plan.Release), Plan = StoredText.ToJson(plan), by, Now = StoredText.ToNanoseconds(now) }, transaction);
                await Audit.WriteAsync(transaction, now, by, "register sign-off", plan.Release, $"plan {plan.Digest}");
                return new StoredSignOff(id, plan, by, StoredText.ToTime(StoredText.ToNanoseconds(now)), null);
            },
            cancellationToken);
    }

    /// <summary>Notes one person's word, closes the sign-off with these runs and protects them from deletion. False where that person gave it before.</summary>
    public Task<bool> ApproveAsync(StoredSignOff signOff, IReadOnlyList<string> runs, SignOffApproval approval, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var isNew = await connection.ExecuteAsync(
                "INSERT INTO approval (sign_off_id, name, role, at_ns, head) VALUES (@Id, @Name, @Role, @At, @Head) ON CONFLICT (sign_off_id, name) DO NOTHING",
                new { signOff.Id, approval.Name, approval.Role, At = StoredText.ToNanoseconds(approval.At), approval.Head }, transaction);
            if (isNew == 0)
                return false;
            var names = StoredText.ToJson(runs);
            await connection.ExecuteAsync("UPDATE sign_off SET runs = coalesce(runs, @names) WHERE sign_off_id = @Id", new { signOff.Id, names }, transaction);
            await connection.ExecuteAsync(
                $"UPDATE run SET protected_because = @because WHERE protected_because IS NULL AND run_id {database.Among("@names")}",
                new { names, because = $"{approval.Name}: the sign-off of {signOff.Plan.Release} rests on it" }, transaction);
            await Audit.WriteAsync(transaction, approval.At, approval.Name, "approve sign-off", signOff.Plan.Release, $"head {approval.Head}");
            return true;
        },
        cancellationToken);

    private async Task<StoredSignOff?> FindAsync(string column, string value, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var row = await reader.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"{Select} WHERE {column} = @value", new { value = StoredText.ToColumn(value) }, cancellationToken: cancellationToken));
        return row is null ? null : ToSignOff(row);
    }

    private static StoredSignOff ToSignOff(Row row) => new(
        row.Id, StoredText.FromJson<SignOffPlan>(row.Plan), row.Who, StoredText.ToTime(row.Registered), row.Runs is null ? null : StoredText.FromJson<List<string>>(row.Runs));
}

/// <param name="Runs">The runs it rests on; null until the first approval fixes them.</param>
public sealed record StoredSignOff(string Id, SignOffPlan Plan, string By, DateTimeOffset RegisteredAt, IReadOnlyList<string>? Runs);

/// <param name="Position">Number of its last event held.</param>
public sealed record SignOffRun(string RunId, long Position, bool HasEnded);
