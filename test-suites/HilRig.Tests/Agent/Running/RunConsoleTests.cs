using HilRig.Agent.Running;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Running;

public class RunConsoleTests
{
    private static readonly DateTimeOffset Began = DateTimeOffset.UnixEpoch;

    [Test]
    public void A_terminal_shows_cycles_rate_with_interval_layers_speed_and_what_is_left()
    {
        var text = Show(columns: 200, seconds: 60, cycles: 10, of: 40);

        Assert.That(text, Does.Contain("\r  [█████···············] 10/40 · failed 2/10 → 20 % [5.79–50.44] · product 1 · rig 1 · 60 cycles/h · 30 min left\e[K"));
    }

    [TestCase(110, "10/40 · failed 2/10 → 20 % [5.79–50.44] · product 1 · rig 1 · 60 cycles/h · 30 min left")]
    [TestCase(80, "10/40 · failed 2/10 → 20 % [5.79–50.44] · product 1 · rig 1 · 30 min left")]
    [TestCase(60, "10/40 · failed 2/10 → 20 % [5.79–50.44] · 30 min left")]
    [TestCase(20, "10/40 · failed 2/")]
    public void A_narrow_terminal_gets_one_row_and_what_matters_most(int columns, string row)
    {
        Assert.That(Show(columns, seconds: 60, cycles: 10, of: 40), Does.EndWith($"\r  {row}\e[K"));
    }

    [Test]
    public void A_line_that_stays_leaves_the_progress_below_it()
    {
        using var output = new StringWriter();
        var console = new RunConsole(output, () => 100);
        foreach (var runEvent in Events(seconds: 60, cycles: 10, of: 40))
            console.Show(runEvent);
        console.Say("pauses after this step");

        Assert.That(output.ToString(), Does.Match("\r\e\\[K  pauses after this step\n\r  .*10/40 .*\e\\[K$"));
    }

    [Test]
    public void Elsewhere_plain_lines_come_now_and_then()
    {
        var lines = Show(columns: null, seconds: 10, cycles: 10, of: 40).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines.Where(line => line.Contains("/40")).Count(), Is.EqualTo(3), "one each 30 s of 100 s");
        Assert.That(lines, Has.None.Contains("\r").And.None.Contains("\e"));
    }

    [Test]
    public void A_cycle_that_a_person_stopped_is_no_failed_one()
    {
        using var output = new StringWriter();
        var console = new RunConsole(output, columns: null);
        var events = Events(seconds: 60, cycles: 2, of: 40).ToList();
        foreach (var body in new RunEventBody[] { new CycleStarted(3), new CycleEnded(3, Verdict.Aborted, Layer.None), new RunEnded(Verdict.Aborted, EndReason.Aborted, "stopped by request") })
            events.Add(new RunEvent("r", events.Count + 1, Began, body));
        events.ForEach(console.Show);

        Assert.That(output.ToString(), Does.Contain("none failed").And.Not.Contain("failed 1/"));
    }

    [Test]
    public void A_run_that_goes_on_counts_what_was_before_without_showing_it_again()
    {
        using var output = new StringWriter();
        var console = new RunConsole(output, columns: null);
        var events = Events(seconds: 60, cycles: 10, of: 40).ToList();
        foreach (var runEvent in events.SkipLast(2))
            console.Recall(runEvent);
        foreach (var runEvent in events.TakeLast(2))
            console.Show(runEvent);

        Assert.That(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Exactly(1).Contains(" 10/40 "));
    }

    private static string Show(int? columns, int seconds, int cycles, int of)
    {
        using var output = new StringWriter();
        var console = new RunConsole(output, columns is { } width ? () => width : null);
        foreach (var runEvent in Events(seconds, cycles, of))
            console.Show(runEvent);
        return output.ToString();
    }

    /// <summary>Cycles of equal length; the third failed by the board, the fourth by the rig.</summary>
    private static IEnumerable<RunEvent> Events(int seconds, int cycles, int of)
    {
        var number = 1L;
        yield return new RunEvent("r", number++, Began, new RunStarted("s", "", "1", "", "p", "kv58", "b", "a", "", "", of, 7, new Dictionary<string, string>()));
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            yield return new RunEvent("r", number++, Began.AddSeconds(seconds * (cycle - 1)), new CycleStarted(cycle));
            var (verdict, layer) = cycle switch { 3 => (Verdict.Fail, Layer.Product), 4 => (Verdict.Error, Layer.Rig), _ => (Verdict.Pass, Layer.None) };
            yield return new RunEvent("r", number++, Began.AddSeconds(seconds * cycle), new CycleEnded(cycle, verdict, layer));
        }
    }
}
