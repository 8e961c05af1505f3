using HilRig.Server.Storage.Sqlite;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Server.Faults;

/// <summary>A server whose disk takes nothing more at random moments, then again: the limit of a file's size, moved while it runs, stands in for the disk.</summary>
public sealed class DiskFullTests
{
    private static readonly int Fillings = Extent.IsFull ? 100 : 8;

    [Test]
    public async Task A_disk_that_is_full_at_random_moments_loses_nothing_and_doubles_nothing()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HILRIG_SEED"), out var given) ? given : Environment.TickCount;
        TestContext.Out.WriteLine($"HILRIG_SEED={seed}, {Fillings} times full");
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("hilrig-full-").FullName;
        var data = Path.Combine(folder, "server");
        var run = new RunScript("r-full");
        for (var cycle = 0; cycle < Fillings * 40; cycle++)
            run.Cycle(cycle % 7 == 0 ? RunScript.CumulativeWrite : null);
        run.End();

        int refused;
        using (var server = Child.StartLimited("hilrig-server", "--data", data, "--port", "0"))
        {
            var url = await server.WaitForServerAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            var courier = new Courier(url, "bench-1", run, seed);
            var bringing = courier.BringAsync(patience.Token);
            for (var filling = 0; filling < Fillings && !bringing.IsCompleted; filling++)
            {
                var acknowledged = courier.Acknowledged;
                while (courier.Acknowledged < acknowledged + 60 && !bringing.IsCompleted)
                    await Task.Delay(1, patience.Token);
                server.Limit(new FileInfo(Path.Combine(data, "hilrig.db-wal")).Length + random.Next(8_000));
                await Task.Delay(random.Next(20, 200), patience.Token);
                server.Limit(null);
            }
            await bringing;
            refused = server.Output.Split("could not be stored").Length - 1;
            await server.CrashAsync();
        }

        TestContext.Out.WriteLine($"{refused} batches found the disk full");
        Assert.That(refused, Is.GreaterThan(0));
        using (var database = await SqliteDatabase.OpenAsync(Path.Combine(data, "hilrig.db"), default))
            Assert.That(await StoredHistory.CheckAsync(database, new Dictionary<string, IReadOnlyList<HilRig.Model.Runs.RunEvent>> { [run.RunId] = run.Events }), Is.Empty);
        Directory.Delete(folder, recursive: true);
    }
}
