using System.Xml;
using HilRig.Model.Runs;

namespace HilRig.Server.Exports;

/// <summary>JUnit XML as CI servers read it: a suite for the run, a case for each cycle. A failing board is a failure, a failing rig an error.</summary>
internal static class JUnitExport
{
    public static async Task WriteAsync(Stream output, RunSummary run, IReadOnlyList<ExportedCycle> cycles)
    {
        await using var xml = XmlWriter.Create(output, new XmlWriterSettings { Async = true, Indent = true });
        await xml.WriteStartElementAsync(null, "testsuites", null);
        await xml.WriteStartElementAsync(null, "testsuite", null);
        await AttributesAsync(
            xml,
            ("name", $"{run.Started.Sequence} on {run.Started.Place}"),
            ("tests", $"{cycles.Count}"),
            ("failures", $"{cycles.Count(cycle => cycle.Verdict is Verdict.Fail or Verdict.Inconclusive)}"),
            ("errors", $"{cycles.Count(cycle => cycle.Verdict is Verdict.Error)}"),
            ("skipped", $"{cycles.Count(IsSkipped)}"),
            ("time", $"{cycles.Sum(cycle => cycle.DurationMs) / 1000:0.000}"),
            ("timestamp", $"{run.StartedAt:yyyy-MM-ddTHH:mm:ssZ}"));
        await xml.WriteStartElementAsync(null, "properties", null);
        foreach (var (name, value) in Properties(run))
        {
            await xml.WriteStartElementAsync(null, "property", null);
            await AttributesAsync(xml, ("name", name), ("value", value));
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
        foreach (var cycle in cycles)
            await WriteAsync(xml, run, cycle);
        await xml.WriteEndElementAsync();
        await xml.WriteEndElementAsync();
    }

    public static bool IsSkipped(ExportedCycle cycle) => cycle.Verdict is Verdict.NotSet or Verdict.Aborted;

    private static async Task WriteAsync(XmlWriter xml, RunSummary run, ExportedCycle cycle)
    {
        await xml.WriteStartElementAsync(null, "testcase", null);
        await AttributesAsync(xml, ("classname", $"{run.Started.Sequence}.{run.Started.Release}"), ("name", cycle.Name), ("time", $"{cycle.DurationMs / 1000:0.000}"));
        var outcome = cycle.Verdict switch
        {
            Verdict.Pass => null,
            Verdict.Error => "error",
            Verdict.Fail or Verdict.Inconclusive => "failure",
            _ => "skipped",
        };
        if (outcome is not null)
        {
            await xml.WriteStartElementAsync(null, outcome, null);
            await AttributesAsync(xml, ("message", cycle.Message));
            if (outcome != "skipped")
            {
                await AttributesAsync(xml, ("type", $"{cycle.Verdict}"));
                await xml.WriteStringAsync(ExportText.ForXml(cycle.Details));
            }
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
    }

    private static IEnumerable<(string Name, string Value)> Properties(RunSummary run) =>
    [
        ("run", run.RunId),
        ("release", run.Started.Release),
        ("board", run.Started.BoardId),
        ("agent", run.Started.Agent),
        ("image", run.Started.Image),
        ("seed", $"{run.Started.Seed}"),
        ("verdict", $"{run.Verdict}"),
        ("end", run.Ended is { } end ? $"{end.Reason}: {end.Message}" : "it goes on"),
    ];

    private static async Task AttributesAsync(XmlWriter xml, params IEnumerable<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
            await xml.WriteAttributeStringAsync(null, name, null, ExportText.ForXml(value));
    }
}
