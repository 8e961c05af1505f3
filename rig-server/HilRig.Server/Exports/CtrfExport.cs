using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Server.Exports;

/// <summary>Common Test Report Format (ctrf.io), JSON.</summary>
internal static class CtrfExport
{
    public static Task WriteAsync(Stream output, RunSummary run, IReadOnlyList<ExportedCycle> cycles)
    {
        int Count(string status) => cycles.Count(cycle => StatusOf(cycle) == status);
        return JsonSerializer.SerializeAsync(output, new
        {
            reportFormat = "CTRF",
            specVersion = "0.0.0",
            results = new
            {
                tool = new { name = "HilRig", version = run.Started.Versions.GetValueOrDefault("agent", "") },
                summary = new
                {
                    tests = cycles.Count,
                    passed = Count("passed"),
                    failed = Count("failed"),
                    pending = 0,
                    skipped = Count("skipped"),
                    other = Count("other"),
                    start = run.StartedAt.ToUnixTimeMilliseconds(),
                    stop = run.LastEventAt.ToUnixTimeMilliseconds(),
                },
                tests = cycles.Select(cycle => new
                {
                    name = cycle.Name,
                    status = StatusOf(cycle),
                    duration = Math.Round(cycle.DurationMs),
                    start = cycle.StartedAt.ToUnixTimeMilliseconds(),
                    suite = $"{run.Started.Sequence} on {run.Started.Place}",
                    rawStatus = cycle.Verdict.ToString(),
                    message = cycle.Failed.Count == 0 ? null : cycle.Message,
                    trace = cycle.Failed.Count == 0 ? null : cycle.Details,
                }),
                environment = new { appName = run.Started.Image, buildName = run.Started.Release, testEnvironment = run.Started.BoardType },
            },
        });
    }

    private static string StatusOf(ExportedCycle cycle) => cycle.Verdict switch
    {
        Verdict.Pass => "passed",
        Verdict.Fail => "failed",
        Verdict.Error or Verdict.Inconclusive => "other",
        _ => "skipped",
    };
}
