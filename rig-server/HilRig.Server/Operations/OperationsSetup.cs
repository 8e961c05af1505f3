using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HilRig.Server.Operations;

/// <summary>What those who run the server look at: health, metrics, traces.</summary>
internal static class OperationsSetup
{
    private const string Ready = "ready";

    public static void AddOperations(this IServiceCollection services, ServerOptions options, DataDirectory directory)
    {
        services.AddSingleton(new DiskRoom(directory.FullPath, options.FreeBytes, options.Time));
        services.AddSingleton<RigMeters>();
        services.AddSingleton<MetricsPage>();
        services.AddSingleton<ServerDoctor>();
        services.AddHealthChecks().AddCheck<Readiness>("storage", tags: [Ready]);
        services.AddHostedService<Telemetry>();
    }

    /// <summary>Stands before the sign-in, which needs the database: whether that is there is the question.</summary>
    public static void UseHealth(this WebApplication app)
    {
        app.UseHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false });
        app.UseHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteReasonAsync });
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapGet("/metrics", (MetricsPage page) => TypedResults.Text(page.Read(), "text/plain; version=0.0.4; charset=utf-8")).ExcludeFromDescription();
    }

    /// <summary>Why it is not ready, in words; what the database said is in the log.</summary>
    private static Task WriteReasonAsync(HttpContext context, HealthReport report) => context.Response.WriteAsync(
        report.Status is HealthStatus.Healthy ? "Healthy" : string.Join('\n', report.Entries.Values.Select(entry => entry.Description)));
}

/// <summary>Sends metrics and traces to an OpenTelemetry collector where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one, as its own specification says.</summary>
internal sealed class Telemetry(MetricsPage page) : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "OTEL_SERVICE_NAME";

    private MeterProvider? metrics;
    private TracerProvider? traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Counting begins with the server, not with the first reader.
        _ = page;
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint)))
            return Task.CompletedTask;
        var named = ResourceBuilder.CreateDefault();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ServiceName)))
            named.AddService("hilrig-server");
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(named).AddMeter(RigMeters.Name, "System.Runtime", "Microsoft.AspNetCore.*", "Npgsql").AddOtlpExporter().Build();
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(named).AddSource(RigMeters.Name, "Microsoft.AspNetCore", "Microsoft.AspNetCore.SignalR.Server", "Npgsql").AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        metrics?.Dispose();
        traces?.Dispose();
    }
}
