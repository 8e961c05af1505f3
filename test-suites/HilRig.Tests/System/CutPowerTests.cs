using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Updates that lose their power, on virtual boards over their real doors: the board's own log says where the cut fell.</summary>
public class CutPowerTests
{
    private static readonly string Application = TestBoard.RepositoryFile("test-suites/images/app-12k.bin");

    /// <summary>An update of 12 KB erases two sectors and programs twelve times 1 KB.</summary>
    [TestCase("after: packet, count: 33", 3, TestName = "At_a_packet_the_first_KB_is_in_flash_and_the_second_is_not_begun")]
    [TestCase("after: packet, count: 31", 2, TestName = "A_packet_earlier_nothing_was_programmed")]
    [TestCase("after: bytes, count: 60", 2, TestName = "At_a_byte_in_the_first_data_packet_only_the_erases_are_done")]
    [TestCase("after: trigger, count: 2, delay: 0.2ms", 2, TestName = "On_the_trigger_line_inside_the_second_erase")]
    [TestCase("after: trigger, count: 5", 5, TestName = "On_the_trigger_line_as_the_third_KB_begins")]
    public async Task The_cut_falls_where_it_was_asked_for_and_the_board_can_be_updated_again(string arguments, int operations)
    {
        var (exit, output, steps, log) = await RunAsync($"""
            steps:
              - cut-power: {"{"}{arguments}{"}"}
              - update
              - verify: {"{"}by: swd{"}"}
            """);
        Assert.That(exit, Is.Zero, output + log);
        Assert.That(steps.Where(step => step.Phase == StepPhase.Steps).Select(step => step.Verdict), Is.EqualTo(new[] { Verdict.Pass, Verdict.Pass, Verdict.Pass }), output);
        var beforeTheCut = log[..log.IndexOf("power off", StringComparison.Ordinal)];
        Assert.That(beforeTheCut.Split('\n').Count(line => line.Contains(" flash erase-sector", StringComparison.Ordinal) || line.Contains(" flash program-section", StringComparison.Ordinal)), Is.EqualTo(operations), log);
    }

    [Test]
    public async Task An_update_that_is_over_before_the_moment_is_the_sequences_mistake()
    {
        var (_, output, steps, _) = await RunAsync("""
            steps:
              - cut-power: {after: packet, count: 5000}
            """);
        var cut = steps.Single(step => step is { Step: "cut-power", Phase: StepPhase.Steps });
        Assert.That((cut.Verdict, cut.Layer), Is.EqualTo((Verdict.Inconclusive, Layer.Sequence)), output);
    }

    [Test]
    public async Task Power_goes_off_and_comes_back_at_once_and_by_a_ramp()
    {
        var (exit, output, _, log) = await RunAsync("""
            steps:
              - power: {to: "off"}
              - power: {to: "on"}
              - power: {to: cycle, ramp: 100ms, off-for: 20ms}
              - update
            """);
        Assert.That(exit, Is.Zero, output);
        Assert.That(log.Split('\n').Count(line => line.EndsWith("power off", StringComparison.Ordinal)), Is.EqualTo(2), log);
    }

    [TestCase("cut-power: {after: trigger}", "trigger", false)]
    [TestCase("cut-power: {after: delay}", "needs `delay`", true)]
    [TestCase("cut-power: {after: packet, count: 0}", "begins at 1", true)]
    public async Task What_cannot_work_at_a_place_is_refused_before_cycle_1(string step, string expected, bool hasTrigger)
    {
        var (exit, output, _, _) = await RunAsync($"steps:\n  - {step}", hasTrigger);
        Assert.That(exit, Is.EqualTo(2), output);
        Assert.That(output, Does.Contain(expected));
    }

    private static async Task<(int Exit, string Output, List<StepEnded> Steps, string Log)> RunAsync(string steps, bool hasTrigger = true)
    {
        var log = Path.GetTempFileName();
        try
        {
            using var board = await TestBoard.StartAsync("pin", ["--log", log]);
            if (hasTrigger)
                await File.WriteAllTextAsync(board.PlacesFile, (await File.ReadAllTextAsync(board.PlacesFile)).Replace("power: {", "power: {trigger: flash-busy, ", StringComparison.Ordinal));
            var (exit, output, events) = await AgentRun.OfAsync(board, board.WriteSequence($"sequence: s\nboard: kv58\n{steps}"), "--image", Application, "--cycles", "1");
            await using var reading = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(reading);
            return (exit, output, [.. events.Select(runEvent => runEvent.Body).OfType<StepEnded>()], await reader.ReadToEndAsync());
        }
        finally
        {
            File.Delete(log);
        }
    }
}
