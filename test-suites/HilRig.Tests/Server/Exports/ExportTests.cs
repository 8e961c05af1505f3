using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Exports;

/// <summary>Exports as their readers would read them: by element names and counts from those formats' own documents.</summary>
public sealed class ExportTests
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private TestServer server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        server = await TestServer.StartAsync();
        var odd = RunScript.CumulativeWrite with { Message = "=cmd|'/c calc'!A1, \"quoted\"\nsecond line \u0001" };
        var run = new RunScript("r-1", cycles: 5).Cycle().Cycle(odd).Cycle(RunScript.Silence, Layer.Undetermined).Cycle(RunScript.Silence, Layer.Rig).Cycle();
        var results = await server.Service<IRunStore>().AppendAsync([run.Batch(take: run.Events.Count - 1)], default);
        Assert.That(results[0].Refusal, Is.Null);
    }

    [OneTimeTearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task JUnit_has_a_case_for_each_cycle_and_tells_board_from_rig()
    {
        var suite = XDocument.Parse(await ReadAsync("junit")).Root!.Element("testsuite")!;

        Assert.That(
            new[] { "tests", "failures", "errors", "skipped" }.Select(name => (string?)suite.Attribute(name)), Is.EqualTo(new[] { "5", "2", "1", "1" }));
        Assert.That(suite.Elements("testcase").Select(test => (string?)test.Attribute("name")), Is.EqualTo(new[] { "cycle 1", "cycle 2", "cycle 3", "cycle 4", "cycle 5" }));
        Assert.That((string?)suite.Elements("testcase").ElementAt(1).Element("failure")!.Attribute("message"), Does.Contain("\"quoted\"").And.Contain("\uFFFD"));
        Assert.That(suite.Elements("testcase").ElementAt(4).Element("skipped"), Is.Not.Null, "it was cut short");
    }

    [Test]
    public async Task Trx_has_a_result_and_a_definition_for_each_cycle()
    {
        var run = XDocument.Parse(await ReadAsync("trx")).Root!;

        var results = run.Descendants(Trx + "UnitTestResult").ToList();
        Assert.That(results.Select(result => (string?)result.Attribute("outcome")), Is.EqualTo(new[] { "Passed", "Failed", "Inconclusive", "Error", "NotExecuted" }));
        Assert.That(run.Descendants(Trx + "UnitTest").Select(test => (string?)test.Attribute("id")), Is.EqualTo(results.Select(result => (string?)result.Attribute("testId"))).And.Unique);
        Assert.That((string?)run.Descendants(Trx + "Counters").Single().Attribute("failed"), Is.EqualTo("1"));
        var again = await ReadAsync("trx");
        Assert.That(await ReadAsync("trx"), Is.EqualTo(again), "the same run gives the same file");
    }

    [Test]
    public async Task Ctrf_counts_what_it_lists()
    {
        using var report = JsonDocument.Parse(await ReadAsync("ctrf"));
        var results = report.RootElement.GetProperty("results");

        Assert.That(results.GetProperty("tests").EnumerateArray().Select(test => test.GetProperty("status").GetString()), Is.EqualTo(new[] { "passed", "failed", "other", "other", "skipped" }));
        Assert.That(results.GetProperty("summary").GetProperty("failed").GetInt32(), Is.EqualTo(1));
        Assert.That(results.GetProperty("summary").GetProperty("tests").GetInt32(), Is.EqualTo(5));
    }

    [Test]
    public async Task Csv_has_a_row_for_each_step_and_no_formula()
    {
        var text = await ReadAsync("csv");

        Assert.That(text.Split('\n').Count(line => line.StartsWith("r-1,", StringComparison.Ordinal)), Is.EqualTo(10));
        Assert.That(text, Does.Contain("\"'=cmd|'/c calc'!A1, \"\"quoted\"\""));
    }

    [TestCase("pdf", HttpStatusCode.BadRequest, "format: `pdf`")]
    [TestCase("junit", HttpStatusCode.NotFound, "there is no run", "r-none")]
    public async Task What_cannot_be_exported_is_said(string format, HttpStatusCode status, string words, string runId = "r-1")
    {
        using var response = await server.Http.GetAsync($"/api/v1/runs/{runId}/export?format={format}");

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(words));
    }

    private Task<string> ReadAsync(string format) => server.Http.GetStringAsync($"/api/v1/runs/r-1/export?format={format}");
}
