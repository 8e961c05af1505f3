using System.Buffers.Binary;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Every command of KBOOT as a step of its own, by <c>agent run</c> on a virtual board.</summary>
public class VocabularyTests
{
    private static readonly string Application = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    [Test]
    public async Task Every_command_has_a_step_that_does_it_or_is_refused_with_its_status()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var entry = BinaryPrimitives.ReadUInt32LittleEndian(File.ReadAllBytes(Application).AsSpan(4));
        WriteSbFile(board);

        var steps = await PassAsync(board, """
            parameters:
              entry: {default: ENTRY, unit: address}
            steps:
              - erase-all
              - write-memory: {start: 0x10080000, data: "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13 14 15 16 17 18 19 1A 1B 1C 1D 1E 1F"}
              - read-memory: {start: 0x10080000, data: "00 01 02 03 04 05 06 07"}
              - fill-memory: {start: 0x10082000, length: 64, pattern: 0xA5A5C3C4}
              - read-memory: {start: 0x1008203C, data: "C4 C3 A5 A5"}
              - expect: {status: kStatusMemoryRangeInvalid, step: {write-memory: {start: 0x10002000, data: FF}}}
              - set-property: {property: verify-writes, value: 0}
              - read-property: {property: verify-writes}
              - expect: {status: 10301, step: {set-property: {property: bootloader-version, value: 1}}}
              - expect: {status: 103, step: {security-disable: {key-low: 1, key-high: 2}}}
              - expect: {status: 10000, step: {reliable-update: {address: 0x10080000}}}
              - expect: {status: 4, step: {execute: {entry: 0xFFFFFFFF}}}
              - write-memory: {start: 0x20010000, data: "70 47"}
              - call: {entry: 0x20010001, argument: 42, returns: 42}
              - program-once: {index: 3, data: "01 02 03 04 05 06 07 08"}
              - read-once: {index: 3, data: "01 02 03 04 05 06 07 08"}
              - expect: {status: 103, step: {program-once: {index: 3, data: "00 00 00 00 00 00 00 00"}}}
              - read-resource: {of: version-id, start: 8, length: 8}
              - read-resource: {of: ifr, start: 0x3D8, data: "01 02 03 04 05 06 07 08"}
              - expect: {status: 10112, step: {receive-sb-file: {file: some.sb}}}
              - update
              - verify: {by: swd}
              - execute: {entry: $entry}
              - wait-for-app: {by: program-counter}
              - reset: {by: probe}
            """.Replace("ENTRY", $"0x{entry:X}", StringComparison.Ordinal));

        Assert.That(steps.Single(step => step.Step == "read-property").Measurements["verify-writes"], Is.Zero);
        Assert.That(steps.Single(step => step.Step == "call").Measurements["result"], Is.EqualTo(42));
        Assert.That(steps.Single(step => step.Step == "read-once").Measurements["first-word"], Is.EqualTo(0x04030201));
        Assert.That(steps[5].Conditions[ConditionVocabulary.AppNow], Is.EqualTo("blank"), "what is written elsewhere leaves the application's area as it was");
        Assert.That(steps.Single(step => step.Step == "update").Conditions[ConditionVocabulary.AppNow], Is.EqualTo("partial"), "nobody knows what an SB file did before it was refused");
    }

    [Test]
    public async Task What_differs_from_the_sequences_bytes_fails_and_bytes_by_hand_are_no_image_that_verify_knows()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var (exit, output, steps) = await RunAsync(board, """
            steps:
              - erase-all
              - write-memory: {start: 0x1000A000, data: "00 00 02 20 01 A0 00 10"}
              - until: {verdict: inconclusive, at-most: 1, steps: [verify: {by: swd}]}
              - until: {verdict: fail, at-most: 1, steps: [read-memory: {start: 0x1000A000, data: "00 00 02 21"}]}
              - until: {verdict: fail, at-most: 1, steps: [read-once: {index: 2, data: "00 00 00 00"}]}
              - write-memory: {start: 0x20010000, data: "70 47"}
              - until: {verdict: fail, at-most: 1, steps: [call: {entry: 0x20010001, argument: 1, returns: 2}]}
              - until: {verdict: inconclusive, at-most: 1, steps: [prompt: {text: Turn the key}]}
              - ping
            """);

        Assert.That(exit, Is.EqualTo(1), output);
        StepEnded One(string name) => steps.Single(step => step.Step == name && step.Phase == StepPhase.Steps);
        Assert.That((One("verify").Layer, One("verify").Conditions[ConditionVocabulary.AppNow]), Is.EqualTo((Layer.Sequence, "other")));
        Assert.That(One("read-memory").Failure!.Message, Does.Contain("1 of 4 bytes, first at 0x1000A003: 0x20, expected 0x21"));
        Assert.That(One("read-once").Failure!.Code, Is.EqualTo("mismatch"));
        Assert.That(One("call").Failure!.Message, Does.Contain("returned 0x00000001, expected 0x00000002"));
        Assert.That((One("prompt").Layer, One("prompt").Failure!.Message), Is.EqualTo((Layer.Sequence, "nobody sits at a terminal to be asked `Turn the key`; run the sequence there by `./rig agent run`, or leave the step out")));
        Assert.That(One("ping").Verdict, Is.EqualTo(Verdict.Pass));
    }

    [Test]
    public async Task A_rate_holds_from_the_next_reset_on_and_a_gap_at_once_and_recovery_and_cleanup_know_neither()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var (_, output, steps) = await RunAsync(board, """
            steps:
              - set-baud: {to: 115200}
              - ping
              - reset: {by: bootloader}
              - ping
              - gap: {between: 5ms, inside: 1ms}
              - update
              - gap: {inside: 40ms}
              - expect: {status: 101, step: {wait: {for: 1ms}}}
            on-failure:
              - until: {verdict: inconclusive, at-most: 1, steps: [read-property: {property: verify-writes}]}
              - gap
              - read-property: {property: verify-writes}
            cleanup:
              - reset: {by: probe}
              - ping
            """);

        var done = steps.Where(step => step.Phase != StepPhase.Recovery).ToList();
        Assert.That(done.Where(step => step.Step == "ping").Select(step => step.Conditions[ConditionVocabulary.Baud]), Is.EqualTo(new[] { "57600", "115200", "57600" }), output);
        var update = done.Single(step => step.Step == "update");
        Assert.That(update.Verdict, Is.EqualTo(Verdict.Pass), output);
        Assert.That(update.Conditions[ConditionVocabulary.Gap], Is.EqualTo("between 5 ms, inside 1 ms"));
        Assert.That(update.DurationMs, Is.GreaterThan(6144 / 32 * 6), "each data packet waited 5 ms and 1 ms");
        var properties = done.Where(step => step.Step == "read-property").ToList();
        Assert.That(properties.Select(step => (step.Verdict, step.Conditions[ConditionVocabulary.Gap])), Is.EqualTo(new[] { (Verdict.Inconclusive, "inside 40 ms"), (Verdict.Pass, "none") }), output);
        Assert.That(steps.Where(step => step.Phase == StepPhase.Recovery).Select(step => (step.Step, step.Verdict, step.Conditions[ConditionVocabulary.Gap])), Is.Not.Empty.And.All.EqualTo(("ping", Verdict.Pass, "none")), output);
        Assert.That(done[^1].Verdict, Is.EqualTo(Verdict.Pass), output);
    }

    [Test]
    public async Task An_erase_that_takes_the_bootloader_along_passes_by_what_SWD_sees()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var steps = await PassAsync(board, "steps:\n  - update\n  - erase-all-unsecure: {bootloader: erased}\n  - verify: {by: swd}\n");

        Assert.That(steps[^1].Conditions[ConditionVocabulary.AppNow], Is.EqualTo("blank"));
    }

    /// <summary>The header's signature is all that makes a file an SB file (elftosb, boot image header).</summary>
    private static void WriteSbFile(TestBoard board)
    {
        var file = new byte[64];
        "STMP"u8.CopyTo(file.AsSpan(20));
        File.WriteAllBytes(Path.Combine(board.Folder, "some.sb"), file);
    }

    private static async Task<IReadOnlyList<StepEnded>> PassAsync(TestBoard board, string body)
    {
        var (exit, output, steps) = await RunAsync(board, body);
        Assert.That(exit, Is.Zero, output);
        return steps;
    }

    private static async Task<(int Exit, string Output, IReadOnlyList<StepEnded> Steps)> RunAsync(TestBoard board, string body)
    {
        var (exit, output, events) = await AgentRun.OfAsync(board, board.WriteSequence($"sequence: s\nboard: kv58\n{body}"), "--image", Application, "--cycles", "1", "--seed", "1");
        return (exit, output, [.. events.Select(runEvent => runEvent.Body).OfType<StepEnded>()]);
    }
}
