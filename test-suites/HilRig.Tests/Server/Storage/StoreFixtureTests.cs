using Dapper;
using HilRig.Model.Runs;
using HilRig.Server;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>Databases of earlier forms must open for ever. One is kept for each schema version there ever was.</summary>
public sealed class StoreFixtureTests
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Server", "Fixtures");

    private static IEnumerable<TestCaseData<DatabaseKind, int>> Versions =>
    [
        .. Migrations.Sqlite.Scripts.Select(script => new TestCaseData<DatabaseKind, int>(DatabaseKind.Sqlite, script.Version)),
        .. Migrations.Postgres.Scripts.Select(script => new TestCaseData<DatabaseKind, int>(DatabaseKind.Postgres, script.Version)),
    ];

    [TestCaseSource(nameof(Versions))]
    public async Task A_database_of_every_schema_version_there_ever_was_opens_with_everything_in_it(DatabaseKind kind, int version)
    {
        var kept = KeptAs(kind, version);
        Assert.That(kept, Does.Exist, "write it with the explicit test below before the version is released");
        using var file = await TestDatabase.OpenAsync(kind, kept);
        var expected = SampleNight.Night(cycles: 6);

        var runs = await file.Runs.ListRunsAsync(10, default);
        var events = await file.Runs.ReadEventsAsync(expected[0].RunId, 0, 1000, default);

        Assert.That(runs.Select(run => (run.RunId, run.CyclesDone)), Is.EqualTo(expected.OrderByDescending(run => run.Events[0].At).Select(run => (run.RunId, 6))));
        Assert.That(events.Select(StoredText.ToJson), Is.EqualTo(expected[0].Events.Select(StoredText.ToJson)));
        Assert.That((await file.Orders.ListWaitingAsync(default)).Single().Order.RunId, Is.EqualTo("r-20260122-060000-kv58-1-0004"));
        Assert.That((await file.Orders.ListPlacesAsync(default)).Select(place => place.Name), Is.EqualTo(new[] { "kv58-1" }));
    }

    [TestCase(DatabaseKind.Sqlite), TestCase(DatabaseKind.Postgres)]
    public async Task A_database_of_a_newer_version_is_refused_in_words(DatabaseKind kind)
    {
        using var file = await TestDatabase.OpenAsync(kind);
        await ExecuteAsync(file.Database, "INSERT INTO schema_version (version) VALUES (99)");

        Assert.That(file.ReopenAsync, Throws.InstanceOf<StartException>().With.Message.Contains("version 99").And.Message.Contains("newer HilRig"));
    }

    [Test]
    public async Task Servers_that_start_together_on_an_empty_database_migrate_it_once()
    {
        using var first = await TestDatabase.OpenAsync(DatabaseKind.Postgres);
        await ExecuteAsync(first.Database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");

        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => first.OpenAnotherAsync()));

        await using var reader = await servers[0].OpenReaderAsync(default);
        Assert.That(await reader.ExecuteScalarAsync<int>("SELECT count(*) FROM schema_version"), Is.EqualTo(Migrations.Postgres.Scripts.Count));
        foreach (var server in servers)
            server.Dispose();
    }

    [Test]
    public void A_file_that_is_no_database_is_refused_in_words()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, new string('x', 5000));

        Assert.That(() => SqliteDatabase.OpenAsync(path, default), Throws.InstanceOf<StartException>().With.Message.Contains("cannot be used as a database"));
        File.Delete(path);
    }

    [Test]
    public async Task Migrating_twice_changes_nothing()
    {
        using var file = await TestDatabase.OpenAsync(DatabaseKind.Sqlite);
        var before = Schema(file.Path);
        await file.ReopenAsync();

        Assert.That(Schema(file.Path), Is.EqualTo(before).And.Not.Empty);
    }

    [TestCase(DatabaseKind.Sqlite), TestCase(DatabaseKind.Postgres), Explicit("Writes the database to keep for the schema of today into the directory HILRIG_FIXTURE.")]
    public async Task Write_the_fixture(DatabaseKind kind)
    {
        using var database = await TestDatabase.OpenAsync(kind);
        foreach (var run in SampleNight.Night(cycles: 6))
            await database.Runs.AppendAsync([run.Batch()], default);
        await database.Orders.SavePlacesAsync("bench-1", [new("kv58-1", "kv58", ["virtual"])], default);
        await database.Orders.EnqueueAsync(new("r-20260122-060000-kv58-1-0004", 0, "kv58-1", "a.yaml", "sequence: a", null, null, 3, 1, null), new(), "tester", RunScript.Evening, default);
        await database.KeepAsync(Path.Combine(Environment.GetEnvironmentVariable("HILRIG_FIXTURE")!, Path.GetFileName(KeptAs(kind, Migrations.Sqlite.Scripts[^1].Version))));
    }

    [Test, Explicit("Fills the data directory HILRIG_SEED with a night's runs, to look at the pages.")]
    public async Task Write_a_night()
    {
        using var directory = DataDirectory.Open(Environment.GetEnvironmentVariable("HILRIG_SEED")!);
        using var database = await SqliteDatabase.OpenAsync(directory.Database, default);
        var runs = new RunStore(database);
        var orders = new OrderStore(database);
        await orders.SavePlacesAsync("bench-1", [new("kv58-1", "kv58", []), new("kv58-2", "kv58", []), new("kv58-3", "kv58", [])], default);
        await orders.EnqueueAsync(new("r-20260122-060000-kv58-1-0004", 0, "kv58-1", "re-update.yaml", "sequence: a", null, null, 3, 1, null), new(), "tester", RunScript.Evening, default);
        foreach (var run in SampleNight.Night(cycles: 140))
            await runs.AppendAsync([run.Batch()], default);
    }

    private static string KeptAs(DatabaseKind kind, int version) => Path.Combine(Fixtures, $"store-v{version}.{(kind is DatabaseKind.Sqlite ? "db" : "sql")}");

    private static List<string> Schema(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_master UNION ALL SELECT version || applied_at FROM schema_version";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.IsDBNull(0) ? "" : reader.GetString(0));
        return rows;
    }

    private static Task<int> ExecuteAsync(IDatabase database, string sql) =>
        database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(sql, transaction: transaction), default);
}
