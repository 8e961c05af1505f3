using System.Net;
using HilRig.Tests.Server;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>SQLite answers before a page can wait; PostgreSQL does not, and the framework renders what is there in between.</summary>
public sealed class PagesOnPostgresTests
{
    [Test]
    public async Task Every_page_waits_for_what_it_shows()
    {
        await using var rig = await FilledRig.StartAsync(await PostgresCluster.CreateDatabaseAsync(DatabaseKind.Postgres));
        var broken = new List<string>();
        foreach (var address in rig.Addresses.Values)
        {
            using var answer = await rig.Server.Http.GetAsync(address);
            if (answer.StatusCode is not HttpStatusCode.OK)
                broken.Add($"{address}: {answer.StatusCode}");
        }
        Assert.That(broken, Is.Empty);
    }
}
