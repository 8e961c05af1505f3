using System.Security.Cryptography;
using System.Text;
using System.Xml;
using HilRig.Model.Runs;

namespace HilRig.Server.Exports;

/// <summary>TRX, Visual Studio's test results. Its ids are made of the run's, so that the same run gives the same file.</summary>
internal static class TrxExport
{
    private const string Namespace = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private const string UnitTest = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
    private const string AllResults = "19431567-8539-422a-85d7-44ee4e166bda";

    public static async Task WriteAsync(Stream output, RunSummary run, IReadOnlyList<ExportedCycle> cycles)
    {
        await using var xml = XmlWriter.Create(output, new XmlWriterSettings { Async = true, Indent = true });
        await StartAsync(xml, "TestRun", ("id", IdOf(run.RunId)), ("name", $"{run.Started.Sequence} on {run.Started.Place}"));
        await StartAsync(xml, "Times", ("start", $"{run.StartedAt:O}"), ("finish", $"{run.LastEventAt:O}"));
        await xml.WriteEndElementAsync();
        await StartAsync(xml, "Results");
        foreach (var cycle in cycles)
            await WriteResultAsync(xml, run, cycle);
        await xml.WriteEndElementAsync();
        await StartAsync(xml, "TestDefinitions");
        foreach (var cycle in cycles)
            await WriteDefinitionAsync(xml, run, cycle);
        await xml.WriteEndElementAsync();
        await StartAsync(xml, "TestEntries");
        foreach (var cycle in cycles)
        {
            await StartAsync(xml, "TestEntry", ("testId", TestId(run, cycle)), ("executionId", ExecutionId(run, cycle)), ("testListId", AllResults));
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
        await StartAsync(xml, "TestLists");
        await StartAsync(xml, "TestList", ("name", "All Loaded Results"), ("id", AllResults));
        await xml.WriteEndElementAsync();
        await xml.WriteEndElementAsync();
        await WriteSummaryAsync(xml, cycles);
        await xml.WriteEndElementAsync();
    }

    private static async Task WriteResultAsync(XmlWriter xml, RunSummary run, ExportedCycle cycle)
    {
        await StartAsync(
            xml, "UnitTestResult",
            ("executionId", ExecutionId(run, cycle)), ("testId", TestId(run, cycle)), ("testName", cycle.Name), ("computerName", run.Started.Agent),
            ("duration", $"{TimeSpan.FromMilliseconds(cycle.DurationMs):c}"), ("startTime", $"{cycle.StartedAt:O}"), ("testType", UnitTest),
            ("outcome", OutcomeOf(cycle)), ("testListId", AllResults));
        if (cycle.Failed.Count > 0)
        {
            await StartAsync(xml, "Output");
            await StartAsync(xml, "ErrorInfo");
            await xml.WriteElementStringAsync(null, "Message", Namespace, ExportText.ForXml(cycle.Message));
            await xml.WriteElementStringAsync(null, "StackTrace", Namespace, ExportText.ForXml(cycle.Details));
            await xml.WriteEndElementAsync();
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
    }

    private static async Task WriteDefinitionAsync(XmlWriter xml, RunSummary run, ExportedCycle cycle)
    {
        await StartAsync(xml, "UnitTest", ("name", cycle.Name), ("id", TestId(run, cycle)));
        await StartAsync(xml, "Execution", ("id", ExecutionId(run, cycle)));
        await xml.WriteEndElementAsync();
        await StartAsync(xml, "TestMethod", ("codeBase", run.Started.Release), ("className", run.Started.Sequence), ("name", cycle.Name));
        await xml.WriteEndElementAsync();
        await xml.WriteEndElementAsync();
    }

    private static async Task WriteSummaryAsync(XmlWriter xml, IReadOnlyList<ExportedCycle> cycles)
    {
        int Count(string outcome) => cycles.Count(cycle => OutcomeOf(cycle) == outcome);
        await StartAsync(xml, "ResultSummary", ("outcome", cycles.All(cycle => OutcomeOf(cycle) == "Passed") ? "Completed" : "Failed"));
        await StartAsync(
            xml, "Counters",
            ("total", $"{cycles.Count}"), ("executed", $"{cycles.Count - Count("NotExecuted")}"), ("passed", $"{Count("Passed")}"), ("failed", $"{Count("Failed")}"),
            ("error", $"{Count("Error")}"), ("inconclusive", $"{Count("Inconclusive")}"), ("notExecuted", $"{Count("NotExecuted")}"));
        await xml.WriteEndElementAsync();
        await xml.WriteEndElementAsync();
    }

    private static string OutcomeOf(ExportedCycle cycle) => cycle.Verdict switch
    {
        Verdict.Pass => "Passed",
        Verdict.Fail => "Failed",
        Verdict.Error => "Error",
        Verdict.Inconclusive => "Inconclusive",
        _ => "NotExecuted",
    };

    private static string TestId(RunSummary run, ExportedCycle cycle) => IdOf($"{run.Started.Sequence} {cycle.Name}");

    private static string ExecutionId(RunSummary run, ExportedCycle cycle) => IdOf($"{run.RunId} {cycle.Name}");

    private static string IdOf(string text) => $"{new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}";

    private static async Task StartAsync(XmlWriter xml, string element, params IEnumerable<(string Name, string Value)> attributes)
    {
        await xml.WriteStartElementAsync(null, element, Namespace);
        foreach (var (name, value) in attributes)
            await xml.WriteAttributeStringAsync(null, name, null, ExportText.ForXml(value));
    }
}
