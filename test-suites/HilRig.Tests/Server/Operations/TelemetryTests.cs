using System.Collections.Concurrent;
using System.Text;
using HilRig.Tests.SystemTests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace HilRig.Tests.Server.Operations;

/// <summary>What a collector gets from a server that its environment names.</summary>
public sealed class TelemetryTests
{
    [Test]
    public async Task Metrics_and_traces_reach_the_collector_that_the_environment_names()
    {
        var received = new ConcurrentDictionary<string, byte[]>();
        await using var collector = await StartCollectorAsync(received);
        var folder = Directory.CreateTempSubdirectory("hilrig-otlp-").FullName;
        using (var server = Child.Start(
            "hilrig-server",
            new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            },
            ["--data", folder, "--port", "0"]))
        {
            var url = await server.WaitForServerAsync();
            await using var agent = await TestAgent.ConnectAsync(url);
            await agent.HelloAsync("bench-1", ["kv58-1"], []);
            await agent.AppendAsync(new RunScript("r-1").Cycle().Batch());
            using var http = new HttpClient { BaseAddress = url };
            await http.GetStringAsync("/api/v1/runs");

            Assert.That(() => Text(received, "/v1/metrics"), Does.Contain("hilrig.events.stored").And.Contain("http.server.request.duration").After(30_000, 50));
            Assert.That(() => Text(received, "/v1/traces"), Does.Contain("store events").And.Contain("HttpRequestIn").And.Contain("RigHub/Append").And.Contain("hilrig-server").After(30_000, 50));
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Names stand in protobuf as they are: the wire need not be decoded to find them.</summary>
    private static string Text(ConcurrentDictionary<string, byte[]> received, string path) => Encoding.Latin1.GetString(received.GetValueOrDefault(path) ?? []);

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, byte[]> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = builder.Build();
        collector.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(request.Path, body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector.StartAsync();
        return collector;
    }
}
