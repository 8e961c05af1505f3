using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Starting the application that an update wrote, on a virtual board over its real doors.</summary>
public class SecondBootTests
{
    private static readonly string Application = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    [Test]
    public async Task An_update_is_followed_by_two_starts_of_its_application_and_the_bootloader_is_found_again()
    {
        var (exit, output, steps) = await RunAsync("""
            steps:
              - update
              - second-boot: {by: probe, banner: "app-6k [0-9.]+"}
              - second-boot: {by: power, sign: program-counter}
              - wait-for-app: {by: program-counter}
              - reset: {by: probe}
            """);
        Assert.That(exit, Is.Zero, output);
        Assert.That(steps.Where(step => step.Phase == StepPhase.Steps).Select(step => step.Verdict), Is.All.EqualTo(Verdict.Pass).And.Exactly(5).Items, output);
        Assert.That(steps.Where(step => step.Step == "second-boot").Select(step => step.Measurements["app-seconds"]), Is.All.LessThan(10));
    }

    [Test]
    public async Task A_core_that_stays_in_the_bootloader_is_the_boards_failure_and_a_missing_banner_accuses_nobody()
    {
        var (_, output, steps) = await RunAsync("""
            steps:
              - erase-all
              - reset: {by: probe}
              - second-boot: {by: probe, sign: program-counter, within: 1s}
            """);
        var failed = steps.Single(step => step is { Step: "second-boot", Phase: StepPhase.Steps });
        Assert.That((failed.Verdict, failed.Layer, failed.Failure?.Code), Is.EqualTo((Verdict.Fail, Layer.Product, "not-running")), output);

        (_, output, steps) = await RunAsync("""
            steps:
              - erase-all
              - second-boot: {by: probe, within: 1s}
            """);
        failed = steps.Single(step => step is { Step: "second-boot", Phase: StepPhase.Steps });
        Assert.That((failed.Verdict, failed.Layer), Is.EqualTo((Verdict.Inconclusive, Layer.Undetermined)), output);
    }

    private static async Task<(int Exit, string Output, List<StepEnded> Steps)> RunAsync(string steps)
    {
        using var board = await TestBoard.StartAsync("pin", []);
        var sequence = board.WriteSequence($"sequence: s\nboard: kv58\nsetup:\n  - reset: {{by: probe}}\n{steps}");
        var (exit, output, events) = await AgentRun.OfAsync(board, sequence, "--image", Application, "--cycles", "1");
        return (exit, output, [.. events.Select(runEvent => runEvent.Body).OfType<StepEnded>()]);
    }
}
