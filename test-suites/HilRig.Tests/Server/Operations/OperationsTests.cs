using System.Net;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using HilRig.Tests.Server.Security;
using NUnit.Framework;

namespace HilRig.Tests.Server.Operations;

/// <summary>What those who run the server look at.</summary>
public sealed class OperationsTests
{
    [Test]
    public async Task Health_is_for_everybody_and_metrics_are_for_those_who_may_read()
    {
        await using var server = await TestServer.StartAsync();
        using var viewer = await server.ClientOfAsync(Role.Viewer);
        Assert.That(await server.Http.GetStringAsync("/healthz"), Is.EqualTo("Healthy"));
        Assert.That(await server.Http.GetStringAsync("/readyz"), Is.EqualTo("Healthy"));
        Assert.That((await server.Http.GetAsync("/metrics")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

        var run = new RunScript("r-1").Cycle().End();
        await server.StoreAsync(run);
        await server.StoreAsync(run);
        await viewer.GetStringAsync("/api/v1/runs");
        var metrics = await viewer.GetStringAsync("/metrics");

        Assert.That(metrics, Does.Contain($"hilrig_events_stored_total {run.Events.Count}\n"), "an event that is sent again is not stored again");
        Assert.That(metrics, Does.Contain("# TYPE hilrig_commit_duration_seconds histogram").And.Contain("hilrig_commit_duration_seconds_bucket{le=\"+Inf\"} 2\n"));
        Assert.That(metrics, Does.Match("http_server_request_duration_seconds_count\\{[^}]*http_route=\"/api/v1/runs\""));
    }

    [Test]
    public async Task A_server_without_its_database_is_not_ready_and_says_why()
    {
        var database = await Storage.PostgresCluster.CreateDatabaseAsync();
        await using var server = await TestServer.StartAsync(database);
        Assert.That((await server.Http.GetAsync("/readyz")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        server.Service<IDatabase>().Dispose();

        using var response = await server.Http.GetAsync("/readyz");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("the database does not answer"));
        Assert.That((await server.Http.GetAsync("/healthz")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "it runs");
    }
}
