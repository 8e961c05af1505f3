using HilRig.Analysis.Flags;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Every construct of the language, by <c>agent run</c> on a virtual board.</summary>
public class ConstructTests
{
    [Test]
    public async Task Repeat_shuffle_choose_include_and_expect_do_what_they_say()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        File.WriteAllText(Path.Combine(board.Folder, "part.yaml"), "sequence: part\nboard: kv58\nparameters: {way: {default: blhost}}\nsteps:\n  - erase-all\n  - update: {recipe: $way}\n  - verify: {by: swd}\n");

        var steps = await PassAsync(board, """
            image: {size: 1025, seed: 7}
            steps:
              - repeat: {times: 2, steps: [ping]}
              - shuffle: [ping, [erase-all, verify: {by: swd}]]
              - choose: [ping, [ping]]
              - include: {file: part.yaml}
              - include: {file: part.yaml, set: {way: rig}}
              - expect: {status: kStatusMemoryRangeInvalid, step: {erase-region: {start: 0x10000000, length: 0x2000}}}
              - expect: {status: 101, step: {erase-region: {start: 0x1000A010, length: 32}}}
            """);

        Assert.That(steps.Select(step => step.Step), Has.Exactly(4).EqualTo("ping").And.Exactly(3).EqualTo("erase-all"));
        Assert.That(steps.Where(step => step.Step == "update").Select(step => step.Conditions[ConditionVocabulary.Recipe]), Is.EqualTo(new[] { "blhost", "rig" }));
        Assert.That(steps.Select(step => step.Conditions[ConditionVocabulary.Image]), Has.All.EqualTo("made-1025-7"));
        Assert.That(steps[^1].Arguments, Is.EqualTo("start=0x1000A010 length=32 expect=101"));
    }

    [Test]
    public async Task A_board_that_does_what_it_should_refuse_fails_and_on_failure_comes_before_the_recovery()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var (exit, output, events) = await RunAsync(board, "steps:\n  - expect: {status: 10200, step: erase-all}\n  - ping\non-failure:\n  - read-property: {property: flash-security-state}\n");

        Assert.That(exit, Is.EqualTo(1), output);
        var ended = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().ToList();
        Assert.That(ended.Select(step => (step.Phase, step.Step)), Is.EqualTo(new[] { (StepPhase.Steps, "erase-all"), (StepPhase.OnFailure, "read-property"), (StepPhase.Recovery, "ping") }));
        Assert.That(Fingerprint.Of(ended[0].Step, ended[0].Failure!).ToString(), Is.EqualTo("erase-all · expect · accepted"));
    }

    [Test]
    public async Task An_until_brings_a_failure_about_and_the_cycle_goes_on_without_forgetting_it()
    {
        using var board = await TestBoard.StartAsync("--dcache", "on");

        var (exit, output, events) = await RunAsync(board, "image: {size: 6144}\nsteps:\n  - reset: {by: power}\n  - until: {status: 10203, at-most: 4, steps: [update, reset: {by: probe}]}\n  - reset: {by: probe}\n  - until: {measured: flash-security-state, is: 1, at-most: 2, steps: [read-property: {property: flash-security-state}]}\n  - ping\n");

        Assert.That(exit, Is.EqualTo(1), output);
        var steps = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step.Phase == StepPhase.Steps).ToList();
        Assert.That(string.Join(' ', steps.Select(step => step.Step)), Does.Match("^reset( update reset)+ update reset read-property read-property until$"));
        Assert.That(steps.Single(step => step.Verdict == Verdict.Fail).Failure!.Code, Is.EqualTo("10203"));
        Assert.That((steps[^1].Verdict, steps[^1].Layer), Is.EqualTo((Verdict.Inconclusive, Layer.Sequence)));
        Assert.That(events.Select(runEvent => runEvent.Body).OfType<CycleEnded>().Single().Verdict, Is.EqualTo(Verdict.Fail));
    }

    [Test]
    public async Task A_matrix_changes_image_and_way_from_cycle_to_cycle_and_the_analysis_may_blame_its_values()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var (exit, output, events) = await RunAsync(board, """
            image: {size: $size, address: $address}
            parameters:
              size: {default: 31, unit: bytes}
              address: {default: 0x1000A000, unit: address}
              way: {default: blhost}
            matrix:
              cover: all
              over:
                size: [31, 1025]
                address: [0x1000A000, 0x1000C000]
                way: [blhost, kinetis-flash-tool]
            cycles: 24
            steps:
              - erase-all
              - update: {recipe: $way}
              - verify: {by: swd}
              - expect: {status: 101, step: {erase-region: {start: $address, length: $size}}}
            """);

        // 1025 and 31 are no multiples of 32, so the last step is refused whatever the values.
        Assert.That(exit, Is.Zero, output);
        var updates = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step.Step == "update").ToList();
        Assert.That(updates.Select(step => (step.Conditions["parameter.size"], step.Conditions["parameter.address"], step.Conditions["parameter.way"])).Distinct().Count(), Is.EqualTo(8));
        Assert.That(updates.Select(step => step.Measurements["bytes"].ToString()), Is.EqualTo(updates.Select(step => step.Conditions["parameter.size"])));
        Assert.That((RunStarted)events[0].Body, Has.Property("Image").EqualTo("4 images").And.Property("Hub").EqualTo("usb-1"));
    }

    [Test]
    public async Task A_value_that_makes_updates_fail_is_flagged_as_their_trigger()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var (_, output, events) = await RunAsync(board, """
            parameters:
              start: {default: 0x1000C000, unit: address}
            matrix:
              over: {start: [0x1000C000, 0x10002000, 0x1000E000]}
            cycles: 30
            steps:
              - erase-region: {start: $start, length: 0x2000}
            """);

        var judge = new FlagJudge();
        foreach (var sample in SampleReader.From(events))
            judge.Add(sample);
        var flag = judge.Judge().Single();
        Assert.That(flag.Triggers[0].Condition, Is.EqualTo("parameter.start=0x10002000"), output);
        Assert.That(flag.Triggers[0].Sentence, Is.EqualTo("parameter start was 0x10002000"));
    }

    private static Task<AgentRun> RunAsync(TestBoard board, string body) => AgentRun.OfAsync(board, board.WriteSequence($"sequence: s\nboard: kv58\n{body}"), "--seed", "1");

    private static async Task<IReadOnlyList<StepEnded>> PassAsync(TestBoard board, string body)
    {
        var (exit, output, events) = await RunAsync(board, body);
        Assert.That(exit, Is.Zero, output);
        return [.. events.Select(runEvent => runEvent.Body).OfType<StepEnded>()];
    }
}
