using HilRig.Analysis.Reproducers;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Experiments on one condition, as an agent runs them on a virtual board: each arm's cycles have the condition as the arm says.</summary>
public class ExperimentTests
{
    private static readonly string Application = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    private const string Origin = """
        sequence: paused
        board: kv58
        parameters:
          pause: {default: 1ms, unit: time}
          repeats: {default: 2, unit: number}
        matrix: {over: {pause: [1ms, 5ms], repeats: [1, 2]}}
        steps:
          - reset: {by: probe}
          - repeat: {times: $repeats, steps: [erase-all]}
          - wait: {for: $pause}
          - update

        """;

    [Test]
    public async Task A_failure_that_only_a_large_image_meets_is_confirmed_by_its_image()
    {
        if (!Extent.IsFull)
            Assert.Ignore("takes minutes; ./rig test --full ExperimentTests runs it");
        // An erase of the sector behind the first eight kilobytes of the image leaves garbage in the cache: a small image does not erase it.
        using var board = await TestBoard.StartAsync("--fault", "garbage-line:p=1,address=0x1000C000");
        var night = await AgentRun.OfAsync(board, board.WriteSequence("""
            sequence: sizes
            board: kv58
            image: {size: $size, seed: 3}
            parameters:
              size: {default: 1024, unit: bytes}
            matrix: {over: {size: [1024, 16384]}}
            steps:
              - erase-all
              - reset: {by: probe}
              - update

            """), "--cycles", "60", "--seed", "3", "--release", "kboot-2.0");
        var events = Path.Combine(board.Folder, "night.jsonl");
        File.Copy(Path.Combine(board.Folder, "events.jsonl"), events);

        using var command = Child.Start("hilrig", ["reproduce", events, "--place", board.Place, "--places", board.PlacesFile, "--data", Path.Combine(board.Folder, "work"), "--out", Path.Combine(board.Folder, "reproducer.yaml")]);
        var exit = await command.ExitAsync(TimeSpan.FromMinutes(12));

        TestContext.Out.WriteLine(command.Output);
        Assert.That(exit, Is.Zero, $"{command.Output}\n{night.Output}");
        Assert.That(command.Output, Does.Match("image=made-16384-3: stands, [0-9]+ of [0-9]+ with it, 0 of [0-9]+ with made-1024-3, drawn cycle by cycle: confirmed at 95 %"));
    }

    [Test]
    public async Task Each_arms_cycles_have_the_condition_and_the_others_do_not()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var failing = new FailingCycle("kv58", new Fingerprint("update", "write-memory", "10203", ""), [new("set-baud", "to=115200"), new("reset", "by=probe")], new("update", ""))
        {
            Image = new CycleImage("made-1025-7", null), Parameters = new Dictionary<string, string> { ["pause"] = "5ms", ["repeats"] = "2" },
        };
        foreach (var (condition, other, name) in new[]
        {
            ("baud=115200", "57600", ConditionVocabulary.Baud), ("gap=between 2 ms, inside 1 ms", "none", ConditionVocabulary.Gap),
            ("image=made-1025-7", "made-512-7", ConditionVocabulary.Image), ("parameter.repeats=2", "1", ConditionVocabulary.OfParameter("repeats")),
        })
        {
            var arms = ConditionArms.Of(condition, [other], failing, new Candidate(0b10), switchesPower: false, SequenceFile.Parse("paused", Origin), 8)!;
            string[] image = arms.Experiment.Image is null ? ["--image", Application] : [];
            var (_, output, events) = await AgentRun.OfAsync(board, board.WriteSequence(arms.Text), [.. image, "--cycles", "8", "--seed", "5"]);
            var updates = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step is { Phase: StepPhase.Steps, Step: "update" }).ToList();
            string[] InArm(bool isFirst) => [.. updates.Where(step => arms.CyclesOf(isFirst, 5)(step.Cycle)).Select(step => step.Conditions[name]).Distinct()];
            Assert.That((InArm(true), InArm(false)), Is.EqualTo((new[] { condition[(condition.IndexOf('=', StringComparison.Ordinal) + 1)..] }, new[] { other })), $"{arms.Text}\n{output}");
            if (name == ConditionVocabulary.OfParameter("repeats"))
                Assert.That(updates.Select(step => step.Conditions[ConditionVocabulary.OfParameter("pause")]), Is.All.EqualTo("5ms"), "the other parameter is as it was");
        }
    }
}
