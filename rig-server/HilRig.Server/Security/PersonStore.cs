using Dapper;
using HilRig.Model;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Identity;

namespace HilRig.Server.Security;

/// <summary>People, their roles and passwords.</summary>
public sealed class PersonStore(IDatabase database, TimeProvider time)
{
    private const int ShortestPassword = 12;
    private const int LongestPassword = 200;
    private const string Select = "SELECT name AS Name, role AS Role, password AS Password, stamp AS Stamp FROM person";
    private static readonly PasswordHasher<string> Hasher = new();

    // Checked in the place of a person who is not there, so that the answer takes as long.
    private static readonly string Nobody = Hasher.HashPassword("", Guid.NewGuid().ToString());

    private sealed record Row(string Name, string Role, string Password, string Stamp);

    /// <summary>True once there is a person or a token: from then on nobody is let in without a name.</summary>
    public async Task<bool> HasAccountsAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await reader.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM token)", cancellationToken: cancellationToken)) > 0;
    }

    public async Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return [.. (await reader.QueryAsync<Row>(new CommandDefinition($"{Select} ORDER BY name", cancellationToken: cancellationToken))).Select(ToPerson)];
    }

    public async Task<Person?> FindAsync(string name, CancellationToken cancellationToken) =>
        await ReadAsync(name, cancellationToken) is { } row ? ToPerson(row) : null;

    /// <summary>The person, or null when there is none of that name or the password is another.</summary>
    public async Task<Person?> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(name, cancellationToken);
        var matches = Hasher.VerifyHashedPassword("", row?.Password ?? Nobody, password) is not PasswordVerificationResult.Failed;
        return matches && row is not null ? ToPerson(row) : null;
    }

    /// <summary>Adds a person, or changes role and, unless it is null, password of the one there is. Throws <see cref="BadInputException"/> that names the field.</summary>
    public Task SaveAsync(string name, Role role, string? password, string by, CancellationToken cancellationToken)
    {
        if (!AccountName.IsValid(name))
            throw new BadInputException($"name: `{name}` is no name; {AccountName.Rule}");
        if (role is Role.Agent)
            throw new BadInputException("role: a person is viewer, operator, qa or admin; an agent gets a token");
        if (password?.Length is < ShortestPassword or > LongestPassword)
            throw new BadInputException($"password: it has {password.Length} characters; {ShortestPassword} to {LongestPassword} are accepted");
        return database.WriteAsync(
            async transaction =>
            {
                var found = await transaction.Connection!.QuerySingleOrDefaultAsync<Row>($"{Select} WHERE name = @name", new { name }, transaction);
                if (found is null && password is null)
                    throw new BadInputException("password: it is missing; a new person needs one");
                if (found is not null && role is not Role.Admin)
                    await KeepAnAdminAsync(transaction, name);
                await transaction.Connection!.ExecuteAsync(
                    """
                    INSERT INTO person (name, role, password, stamp, created_ns) VALUES (@name, @Role, @Password, @Stamp, @At)
                    ON CONFLICT (name) DO UPDATE SET role = @Role, password = @Password, stamp = @Stamp
                    """,
                    new
                    {
                        name,
                        Role = StoredText.ToText(role),
                        Password = password is null ? found!.Password : Hasher.HashPassword("", password),
                        Stamp = Guid.NewGuid().ToString("n"),
                        At = StoredText.ToNanoseconds(time.GetUtcNow()),
                    },
                    transaction);
                var what = found is null ? "add person" : "change person";
                await Audit.WriteAsync(transaction, time.GetUtcNow(), by, what, name, $"role {StoredText.ToText(role)}{(password is null ? "" : ", password set")}");
                return 0;
            },
            cancellationToken);
    }

    /// <summary>False where there is no such person. Throws <see cref="BadInputException"/> for the last admin.</summary>
    public Task<bool> RemoveAsync(string name, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            await KeepAnAdminAsync(transaction, name);
            if (await transaction.Connection!.ExecuteAsync("DELETE FROM person WHERE name = @name", new { name }, transaction) == 0)
                return false;
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "remove person", name);
            return true;
        },
        cancellationToken);

    private async Task KeepAnAdminAsync(System.Data.Common.DbTransaction transaction, string name)
    {
        var admins = await transaction.Connection!.QueryAsync<string>($"SELECT name FROM person WHERE role = 'admin'{database.ForUpdate}", transaction: transaction);
        if (admins.AsList() is [var last] && last == name)
            throw new BadInputException($"name: {name} is the last admin; make somebody else one first");
    }

    private async Task<Row?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await reader.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"{Select} WHERE name = @name", new { name }, cancellationToken: cancellationToken));
    }

    private static Person ToPerson(Row row) => new(row.Name, StoredText.ToEnum<Role>(row.Role), row.Stamp);
}

/// <param name="Stamp">Changes with role and password.</param>
public sealed record Person(string Name, Role Role, [property: System.Text.Json.Serialization.JsonIgnore] string Stamp);
