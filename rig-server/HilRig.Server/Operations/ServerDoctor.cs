using System.Diagnostics;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Operations;

/// <summary>Looks at what the server needs for a night: folder, disk, database, who may reach it, agents, boards.</summary>
public sealed class ServerDoctor(ServerOptions options, IDatabase database, DiskRoom room, IRunReader reader, TimeProvider time)
{
    /// <summary>A question that each page asks several times.</summary>
    private static readonly TimeSpan SlowDatabase = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Each check whatever the others found; nothing but a trial file is written, and removed.</summary>
    public async Task<Examination> CheckAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Deadline);
        var findings = new List<Finding> { Folder("data", options.Data) };
        if (options.Shared is { } shared)
            findings.Add(Folder("shared", shared));
        findings.Add(Disk());
        var answers = await DatabaseAsync(patience.Token);
        findings.Add(answers);
        findings.Add(Doors());
        if (answers.Health is not Health.Broken)
            findings.AddRange(await PlacesAsync(patience.Token));
        return new Examination(time.GetUtcNow(), findings);
    }

    private static Finding Folder(string subject, string folder)
    {
        var trial = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(trial, [0]);
            File.Delete(trial);
            return Finding.Well(subject, $"{folder} can be written");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Finding.Broken(subject, $"{folder}: {exception.Message}", $"make it writable for the server's user, or name another with --{subject}");
        }
    }

    private Finding Disk() => room.Refusal is { } refusal
        ? Finding.Broken("disk", refusal, "make room, or let old runs go with --keep-evidence, --keep-events and --keep-results")
        : Finding.Well("disk", $"{options.FreeBytes(Path.GetFullPath(options.Data)) >> 20:N0} MiB free");

    private async Task<Finding> DatabaseAsync(CancellationToken cancellationToken)
    {
        const string subject = "database";
        var (name, newest) = database.IsShared ? ("PostgreSQL", Migrations.Postgres.Scripts[^1].Version) : ("SQLite", Migrations.Sqlite.Scripts[^1].Version);
        try
        {
            var began = Stopwatch.GetTimestamp();
            await using var connection = await database.OpenReaderAsync(cancellationToken);
            var version = await connection.ExecuteScalarAsync<int>(new CommandDefinition("SELECT max(version) FROM schema_version", cancellationToken: cancellationToken));
            var took = Stopwatch.GetElapsedTime(began);
            var observation = FormattableString.Invariant($"{name}, schema {version} of {newest}, answers in {took.TotalMilliseconds:0.0} ms");
            return version != newest
                ? Finding.Broken(subject, observation, "start this server anew: it brings the schema up to date; let no other version use the same database")
                : took > SlowDatabase
                    ? Finding.Doubtful(subject, observation, "every page asks it several times: look at its disk and at the network between")
                    : Finding.Well(subject, observation);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or OperationCanceledException or ObjectDisposedException)
        {
            return Finding.Broken(subject, $"{name} does not answer: {exception.Message}", database.IsShared ? "start PostgreSQL, or correct --database" : "see that nothing else holds the file hilrig.db, and that its disk is well");
        }
    }

    private Finding Doors() => (options.IsLocal, options.Tls) switch
    {
        (true, _) => Finding.Well("doors", "only this machine reaches it"),
        (false, not null) => Finding.Well("doors", $"{options.Address} by HTTPS, with accounts"),
        _ => Finding.Doubtful("doors", $"{options.Address} by plain HTTP: passwords and tokens can be read on the way", "give it --certificate and --certificate-key, or let only a proxy with TLS reach it"),
    };

    private async Task<IEnumerable<Finding>> PlacesAsync(CancellationToken cancellationToken)
    {
        var places = await reader.ListPlacesAsync(cancellationToken);
        var agents = places.GroupBy(place => place.Agent).ToList();
        if (agents.Count == 0)
            return [Finding.Doubtful("agents", "none has ever come", "invite one: `./rig agents invite NAME`, then docs/install.md")];
        var away = agents.Where(agent => !agent.Any(place => place.AgentConnected)).Select(agent => agent.Key).ToList();
        return
        [
            away.Count == 0
                ? Finding.Well("agents", $"{agents.Count} connected, with {places.Count} places")
                : Finding.Doubtful("agents", $"away: {string.Join(", ", away)} (of {agents.Count})", "start it on its machine (`systemctl status hilrig-agent`), and look at `./rig agent doctor` there"),
            .. places.Where(place => place.OutOfRotation is not null).Select(place =>
                Finding.Broken($"place {place.Name}", $"out of rotation: {place.OutOfRotation}", $"bring the board back, then on {place.Agent}: ./rig agent unwedge --place {place.Name}")),
            .. places.Where(place => place.Paused is not null).Select(place => Finding.Doubtful($"place {place.Name}", $"paused: {place.Paused}", $"when that is over: resume it on the page /places/{place.Name}")),
        ];
    }
}
