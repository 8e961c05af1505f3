using System.IO.Compression;
using System.Text.Json;
using HilRig.Analysis.History;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.History;

/// <summary>The six labelled histories, judged against what was injected into them.</summary>
public class DatasetTests
{
    private static readonly string[] Product = ["intermittent", "conditional", "consistent"];

    [Test]
    public void D01_a_clean_night_accuses_nobody()
    {
        var report = Judge("D01_clean");
        Assert.That(report.Flags.Select(flag => flag.Class), Is.All.EqualTo("observed").Or.EqualTo("rig"));
        Assert.That(report.Releases.Single().Clean, Is.True);
        Assert.That(report.Excluded.Sum(exclusion => exclusion.Failures), Is.EqualTo(17), "the failures of the injected burst");
    }

    [Test]
    public void D02_the_stale_cache_is_conditional_on_an_update_since_the_reset()
    {
        var flag = TheFlag(Judge("D02_stale_cache"));
        Assert.That(flag, Has.Property("Class").EqualTo("conditional").And.Property("Step").EqualTo("update").And.Property("Fingerprint").EqualTo("10203"));
        Assert.That(flag.Trigger!.Conditions, Is.EqualTo(new[] { "upd_since_reset>=1" }));
        Assert.That(flag.Trigger.Inside, Is.EqualTo(new[] { 1324, 1324 }), "every failure that was injected, and no pass");
        Assert.That(flag.Trigger.Outside[0], Is.Zero);
        Assert.That(flag.Triggers, Is.Empty);
    }

    [Test]
    public void D04_a_random_failure_is_intermittent_and_has_no_trigger()
    {
        var flag = TheFlag(Judge("D04_random_half_percent"));
        Assert.That(flag, Has.Property("Class").EqualTo("intermittent").And.Property("Fingerprint").EqualTo("10005").And.Property("K").EqualTo(22));
        Assert.That(flag.Trigger, Is.Null);
        Assert.That(flag.Interval95, Has.ItemAt(0).LessThan(0.005).And.ItemAt(1).GreaterThan(0.005));
        Assert.That(flag.FlaggedAtTrial, Is.LessThan(2_000));
    }

    [Test]
    public void D06_the_bad_board_is_named_and_the_product_is_not_accused()
    {
        var report = Judge("D06_bad_board");
        var flag = report.Flags.Single(flag => flag.Class == "board-specific");
        Assert.That(flag, Has.Property("Board").EqualTo("b07").And.Property("Fingerprint").EqualTo("10005"));
        Assert.That(report.Flags.Where(other => Product.Contains(other.Class)), Is.Empty);
    }

    [Test]
    public void D10_two_conditions_are_found_jointly()
    {
        var flag = TheFlag(Judge("D10_joint_size_baud"));
        Assert.That(flag, Has.Property("Class").EqualTo("conditional").And.Property("Fingerprint").EqualTo("10202"));
        Assert.That(flag.Trigger!.Conditions, Is.EquivalentTo(new[] { "size_kb>=256", "baud=460800" }), "sizes are 64, 128, 256 and 480: above 200 is from 256 on");
    }

    [Test]
    public void D12_the_regression_is_new_against_the_golden_release()
    {
        var flag = TheFlag(Judge("D12_release_regression"));
        Assert.That(flag, Has.Property("Release").EqualTo("R2").And.Property("Class").EqualTo("intermittent").And.Property("IsNew").True);
        Assert.That(flag.Trigger, Is.Null);
    }

    [Test]
    public void The_report_has_the_written_form()
    {
        using var json = JsonDocument.Parse(Judge("D02_stale_cache").ToJson());
        Assert.That(Names(json.RootElement), Is.EqualTo(new[] { "flags", "excluded", "releases", "notes" }));
        var flag = json.RootElement.GetProperty("flags")[0];
        Assert.That(Names(flag), Is.EqualTo(new[]
        {
            "release", "step", "fingerprint", "class", "new", "k", "n", "rate", "interval95", "incidents", "flaggedAtTrial",
            "board", "agent", "trigger", "triggers", "trend", "changePoint", "sessions", "notes",
        }));
        Assert.That(Names(flag.GetProperty("trigger")), Is.EqualTo(new[] { "conditions", "inside", "outside", "bits", "equivalent", "confirmed" }));
        Assert.That(flag.GetProperty("board").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    /// <summary>The one claim that accuses the product.</summary>
    private static HistoryFlag TheFlag(HistoryReport report) => report.Flags.Single(flag => Product.Contains(flag.Class));

    private static HistoryReport Judge(string dataset)
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Analysis", "Fixtures", dataset + ".csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return HistoryAnalysis.Judge(HistoryFile.Read(reader, dataset));
    }
}
