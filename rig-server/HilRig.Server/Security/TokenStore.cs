using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using HilRig.Model;
using HilRig.Server.Storage;

namespace HilRig.Server.Security;

/// <summary>
/// Tokens of agents and machines, <c>hr_&lt;id&gt;_&lt;secret&gt;</c>: the prefix lets a leak be searched for. An agent has one at a time.
/// </summary>
public sealed class TokenStore(IDatabase database, TimeProvider time)
{
    private const string Prefix = "hr_";
    private static readonly TimeSpan CodeIsGood = TimeSpan.FromHours(1);

    private const string Select =
        "SELECT token_id AS Id, name AS Name, role AS Role, secret AS Secret, created_ns AS Created, expires_ns AS Expires, revoked_ns AS Revoked FROM token";

    private sealed record Row(string Id, string Name, string Role, string Secret, long Created, long? Expires, long? Revoked);

    private long Now => StoredText.ToNanoseconds(time.GetUtcNow());

    /// <summary>The token behind a text that was presented, or null when it is none, expired or revoked.</summary>
    public async Task<Token?> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('_', 2) is not [var id, var secret])
            return null;
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var row = await reader.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"{Select} WHERE token_id = @id", new { id }, cancellationToken: cancellationToken));
        return row is { Revoked: null } && !(row.Expires < Now) && Secret.Matches(secret, row.Secret) ? ToToken(row) : null;
    }

    public async Task<IReadOnlyList<Token>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return [.. (await reader.QueryAsync<Row>(new CommandDefinition($"{Select} ORDER BY created_ns", cancellationToken: cancellationToken))).Select(ToToken)];
    }

    /// <summary>Answers the text that opens, which is kept nowhere. Throws <see cref="BadInputException"/> that names the field.</summary>
    /// <param name="days">1 to 3650 days until it expires, or null for never.</param>
    public Task<string> IssueAsync(string name, Role role, int? days, string by, CancellationToken cancellationToken)
    {
        CheckName("name", name);
        if (days is < 1 or > 3650)
            throw new BadInputException($"days: {days} is out of range; 1 to 3650 are possible");
        return database.WriteAsync(transaction => IssueAsync(transaction, name, role, days, by), cancellationToken);
    }

    /// <summary>The revoked token, or null where there is none that is valid.</summary>
    public Task<Token?> RevokeAsync(string id, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var changed = await transaction.Connection!.ExecuteAsync(
                "UPDATE token SET revoked_ns = @Now WHERE token_id = @id AND revoked_ns IS NULL", new { Now, id }, transaction);
            if (changed == 0)
                return null;
            var row = await transaction.Connection!.QuerySingleAsync<Row>($"{Select} WHERE token_id = @id", new { id }, transaction);
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "revoke token", id, row.Name);
            return ToToken(row);
        },
        cancellationToken);

    /// <summary>A code by which an agent gets its token once, within the hour.</summary>
    public Task<string> InviteAsync(string agent, string by, CancellationToken cancellationToken)
    {
        CheckName("agent", agent);
        return database.WriteAsync(
            async transaction =>
            {
                var code = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO enrolment (code, agent, expires_ns) VALUES (@Code, @agent, @Expires)",
                    new { Code = Secret.DigestOf(code), agent, Expires = StoredText.ToNanoseconds(time.GetUtcNow() + CodeIsGood) }, transaction);
                await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "invite agent", agent);
                return code;
            },
            cancellationToken);
    }

    /// <summary>Turns a code into the agent's token; null when it is none, was used or is too old.</summary>
    public Task<Enrolled?> EnrolAsync(string code, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var agent = await transaction.Connection!.ExecuteScalarAsync<string?>(
                "DELETE FROM enrolment WHERE code = @Code AND expires_ns >= @Now RETURNING agent", new { Code = Secret.DigestOf(code), Now }, transaction);
            return agent is null ? null : new Enrolled(agent, await IssueAsync(transaction, agent, Role.Agent, null, agent));
        },
        cancellationToken);

    private async Task<string> IssueAsync(DbTransaction transaction, string name, Role role, int? days, string by)
    {
        var id = RandomNumberGenerator.GetHexString(12, lowercase: true);
        var secret = Secret.New();
        if (role is Role.Agent)
        {
            await transaction.Connection!.ExecuteAsync(
                "UPDATE token SET revoked_ns = @Now WHERE name = @name AND role = 'agent' AND revoked_ns IS NULL", new { Now, name }, transaction);
        }
        var expires = days is { } good ? StoredText.ToNanoseconds(time.GetUtcNow().AddDays(good)) : (long?)null;
        await transaction.Connection!.ExecuteAsync(
            "INSERT INTO token (token_id, name, role, secret, created_ns, expires_ns) VALUES (@id, @name, @Role, @Digest, @Now, @expires)",
            new { id, name, Role = StoredText.ToText(role), Digest = Secret.DigestOf(secret), Now, expires }, transaction);
        await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "issue token", id, $"{name}, role {StoredText.ToText(role)}");
        return $"{Prefix}{id}_{secret}";
    }

    private static void CheckName(string field, string name)
    {
        if (!AccountName.IsValid(name))
            throw new BadInputException($"{field}: `{name}` is no name; {AccountName.Rule}");
    }

    private static Token ToToken(Row row) => new(
        row.Id,
        row.Name,
        StoredText.ToEnum<Role>(row.Role),
        StoredText.ToTime(row.Created),
        row.Expires is { } expires ? StoredText.ToTime(expires) : null,
        row.Revoked is { } revoked ? StoredText.ToTime(revoked) : null);
}

/// <summary>A token without its secret.</summary>
public sealed record Token(string Id, string Name, Role Role, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? Revoked);

/// <param name="Token">Shown once; the agent keeps it in a file of its own.</param>
public sealed record Enrolled(string Agent, string Token);
