using System.CommandLine;
using System.Text.Json;
using HilRig.Bench.Histories;
using HilRig.Cli;
using HilRig.Model;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

public class AnalyzeCommandTests
{
    [Test]
    public void A_flagged_history_is_printed_as_JSON_and_ends_with_0()
    {
        var output = new StringWriter();
        Assert.That(Run(output, Written(), "--json"), Is.EqualTo(ExitCode.Pass));
        using var json = JsonDocument.Parse(output.ToString());
        Assert.That(json.RootElement.GetProperty("flags")[0].GetProperty("class").GetString(), Is.EqualTo("conditional"));
    }

    [Test]
    public void Without_JSON_the_trigger_is_told_in_a_sentence()
    {
        var output = new StringWriter();
        Run(output, Written());
        Assert.That(output.ToString(), Does.Match(@"(\d+) of \1 when 1 or more updates since the last reset \(upd_since_reset>=1\), 0 of \d+ otherwise"));
    }

    [Test]
    public void A_file_that_is_not_there_is_bad_input() =>
        Assert.That(() => Run(new StringWriter(), "no-such.csv"), Throws.TypeOf<BadInputException>().With.Message.StartsWith("no-such.csv: cannot be read"));

    [Test]
    public async Task Its_exit_code_is_2_where_a_history_cannot_be_read_and_the_line_says_what_to_mend()
    {
        using var analyze = Child.Start("hilrig", "analyze", "no-such.csv", "--json");

        Assert.That(await analyze.ExitAsync(), Is.EqualTo(ExitCode.BadInput), analyze.Output);
        Assert.That(analyze.Output, Does.Contain("no-such.csv: cannot be read").And.Not.Contain("   at "));
    }

    private static string Written()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.csv");
        using var writer = new StreamWriter(path);
        HistoryWorld.Write(HistoryWorld.Draw(new NightPlan { Hours = 1, Faults = [new("update", "10203", now => now.UpdatesSinceReset >= 1 ? 1 : 0)] }, 4), writer);
        return path;
    }

    private static int Run(TextWriter output, params string[] arguments) =>
        new RootCommand { AnalyzeCommand.Create() }
            .Parse(["analyze", .. arguments])
            .Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
}
