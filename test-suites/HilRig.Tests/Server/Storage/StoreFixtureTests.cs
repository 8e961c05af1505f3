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

    [Test]
    public async Task A_database_of_schema_version_1_opens_with_everything_in_it()
    {
        using var file = new SqliteFile(Path.Combine(Fixtures, "store-v1.db"));
        var expected = Campaign.Night(cycles: 6);

        var runs = await file.Runs.ListRunsAsync(10, default);
        var events = await file.Runs.ReadEventsAsync(expected[0].RunId, 0, 1000, default);

        Assert.That(runs.Select(run => (run.RunId, run.CyclesDone)), Is.EqualTo(expected.OrderByDescending(run => run.Events[0].At).Select(run => (run.RunId, 6))));
        Assert.That(events.Select(StoredText.ToJson), Is.EqualTo(expected[0].Events.Select(StoredText.ToJson)));
        Assert.That((await file.Orders.ListWaitingAsync(default)).Single().Order.RunId, Is.EqualTo("r-20260122-060000-kv58-1-0004"));
        Assert.That((await file.Orders.ListPlacesAsync(default)).Select(place => place.Name), Is.EqualTo(new[] { "kv58-1" }));
    }

    [Test]
    public void Every_schema_version_there_ever_was_has_a_database_kept()
    {
        foreach (var (version, _) in SqliteMigrations.Scripts)
            Assert.That(Path.Combine(Fixtures, $"store-v{version}.db"), Does.Exist, "write it with the explicit test below before the version is released");
    }

    [Test]
    public void A_database_of_a_newer_version_is_refused_in_words()
    {
        using var file = new SqliteFile();
        Execute(file.Path, "INSERT INTO schema_version (version) VALUES (99)");

        Assert.That(file.Reopen, Throws.InstanceOf<StartException>().With.Message.Contains("version 99").And.Message.Contains("newer HilRig"));
    }

    [Test]
    public void A_file_that_is_no_database_is_refused_in_words()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, new string('x', 5000));

        Assert.That(() => SqliteDatabase.Open(path), Throws.InstanceOf<StartException>().With.Message.Contains("cannot be used as a database"));
        File.Delete(path);
    }

    [Test]
    public void Migrating_twice_changes_nothing()
    {
        using var file = new SqliteFile();
        var before = Schema(file.Path);
        file.Reopen();

        Assert.That(Schema(file.Path), Is.EqualTo(before).And.Not.Empty);
    }

    [Test, Explicit("Writes the database to keep for the schema of today into HILRIG_FIXTURE.")]
    public async Task Write_the_fixture()
    {
        var path = Environment.GetEnvironmentVariable("HILRIG_FIXTURE")!;
        using (var database = SqliteDatabase.Open(path))
        {
            var runs = new SqliteRunStore(database);
            var orders = new SqliteOrderStore(database);
            foreach (var run in Campaign.Night(cycles: 6))
                await runs.AppendAsync([run.Batch()], default);
            await orders.SavePlacesAsync("bench-1", [new("kv58-1", "kv58", ["virtual"])], default);
            await orders.EnqueueAsync(new("r-20260122-060000-kv58-1-0004", 0, "kv58-1", "a.yaml", "sequence: a", null, null, 3, 1, null), RunScript.Evening, default);
        }
        Execute(path, "PRAGMA journal_mode=DELETE");
        Execute(path, "VACUUM");
    }

    [Test, Explicit("Fills the data directory HILRIG_SEED with a night's runs, to look at the pages.")]
    public async Task Write_a_night()
    {
        using var directory = DataDirectory.Open(Environment.GetEnvironmentVariable("HILRIG_SEED")!);
        using var database = SqliteDatabase.Open(directory.Database);
        var runs = new SqliteRunStore(database);
        var orders = new SqliteOrderStore(database);
        await orders.SavePlacesAsync("bench-1", [new("kv58-1", "kv58", []), new("kv58-2", "kv58", []), new("kv58-3", "kv58", [])], default);
        await orders.EnqueueAsync(new("r-20260122-060000-kv58-1-0004", 0, "kv58-1", "re-update.yaml", "sequence: a", null, null, 3, 1, null), RunScript.Evening, default);
        foreach (var run in Campaign.Night(cycles: 140))
            await runs.AppendAsync([run.Batch()], default);
    }

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

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
