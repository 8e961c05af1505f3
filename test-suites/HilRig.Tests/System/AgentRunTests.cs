using System.Text.Json;
using HilRig.Model.Runs;
using HilRig.Tests.VirtualBoard;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary><c>agent run</c> against a virtual board over its real pseudo-terminal and the real pyOCD; no server.</summary>
public class AgentRunTests
{
    private static readonly string Smoke = TestBoard.RepositoryFile("test-suites/sequences/kv58/smoke.yaml");
    private static readonly string ReUpdate = TestBoard.RepositoryFile("test-suites/sequences/kv58/re-update.yaml");
    private static readonly string ReadBack = TestBoard.RepositoryFile("test-suites/sequences/kv58/read-back.yaml");

    [Test]
    public async Task A_healthy_board_passes_the_smoke_sequence_with_anyones_binary()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var image = Path.Combine(board.Folder, "my.bin");
        await File.WriteAllBytesAsync(image, SomeApplication(2600));

        var (exit, output, events) = await AgentRun.OfAsync(board, Smoke, "--image", image, "--cycles", "2");

        Assert.That(exit, Is.Zero, output);
        Assert.That(events.Select(runEvent => runEvent.Number), Is.EqualTo(Enumerable.Range(1, events.Count)));
        Assert.That(events[0].Body, Is.InstanceOf<RunStarted>().With.Property("Image").EqualTo("my.bin").And.Property("Release").StartsWith("K2.0.0+"));
        Assert.That(events[^1].Body, Is.InstanceOf<RunEnded>().With.Property("Verdict").EqualTo(Verdict.Pass).And.Property("Reason").EqualTo(EndReason.Completed));
        Assert.That(output, Does.Contain("2 cycles, 2 pass"));
    }

    [Test]
    public async Task A_board_with_its_cache_on_fails_only_when_an_application_was_there_at_boot()
    {
        using var board = await TestBoard.StartAsync("--dcache", "on");

        var (exit, output, events) = await AgentRun.OfAsync(board, ReUpdate, "--cycles", "25", "--seed", "3");

        Assert.That(exit, Is.EqualTo(1), output);
        var updates = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step is { Step: "update", Phase: StepPhase.Steps }).ToList();
        Assert.That(updates.Where(step => step.Verdict == Verdict.Fail), Is.Not.Empty);
        Assert.That(updates.Where(step => step.Verdict == Verdict.Pass), Is.Not.Empty);
        foreach (var update in updates)
        {
            var wasThere = update.Conditions[ConditionVocabulary.AppAtBoot] == "application";
            Assert.That(update.Verdict, Is.EqualTo(wasThere ? Verdict.Fail : Verdict.Pass), $"cycle {update.Cycle}: {update.Failure}");
            Assert.That(update.Failure?.Code, Is.EqualTo(wasThere ? "10203" : null));
        }
        var views = JsonSerializer.Deserialize<MemoryViews>(
            updates.First(step => step.Failure is not null).Evidence.Single(item => item.Kind == EvidenceKinds.Views).Text, RunJson.Options)!;
        Assert.That(views.Rows[0].Array.Split(' '), Has.All.EqualTo("FF"));
        Assert.That(views.Rows[0].Core, Does.StartWith("00"));
        Assert.That(views.Rows[0].Bootloader, Is.EqualTo(views.Rows[0].Core));
    }

    [Test]
    public async Task A_stale_read_back_is_the_products_and_SWD_saw_the_right_bytes()
    {
        using var board = await TestBoard.StartAsync("--dcache", "on");

        var (exit, output, events) = await AgentRun.OfAsync(board, ReadBack, "--cycles", "12", "--seed", "1");

        Assert.That(exit, Is.EqualTo(1), output);
        var failures = events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step.Failure is not null).ToList();
        Assert.That(failures.Select(step => Fingerprint.Of(step.Step, step.Failure!).ToString()).Distinct(), Is.EqualTo(new[] { "verify · compare-bootloader · read-back-differs" }));
        Assert.That(failures[0].Failure!.Message, Does.Contain("0xFF, expected 0x"));
    }

    [TestCase("application", "none")]
    [TestCase("window", "probe")]
    public async Task A_running_application_is_asked_for_its_bootloader_where_the_place_says_so_and_reset_elsewhere(string entry, string lastReset)
    {
        using var board = await StartAsync(entry, image => ConfiguredImage.ListensFor(image, 2000));
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps:\n  - ping\n");
        await Task.Delay(TimeSpan.FromSeconds(2.1));

        var (exit, output, events) = await AgentRun.OfAsync(board, sequence);

        Assert.That(exit, Is.Zero, output);
        Assert.That(events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Single().Conditions[ConditionVocabulary.LastReset], Is.EqualTo(lastReset));
    }

    [TestCase("pin", 0)]
    [TestCase("window", 4)]
    public async Task A_board_that_boots_its_application_at_once_is_entered_by_its_pin_and_not_by_a_window(string entry, int expected)
    {
        using var board = await StartAsync(entry, ConfiguredImage.DirectBoot);
        board.ListensFor("1s");
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps:\n  - reset: {by: probe}\n  - ping\n  - reset: {by: power}\n  - ping\n");

        var (exit, output, _) = await AgentRun.OfAsync(board, sequence);

        Assert.That(exit, Is.EqualTo(expected), output);
    }

    [Test]
    public async Task What_an_image_probably_does_not_mean_and_the_part_that_was_lost_stand_among_the_events()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var image = Path.Combine(board.Folder, "odd.bin");
        await File.WriteAllBytesAsync(image, [.. Enumerable.Repeat((byte)0x5A, 4096)]);
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps:\n  - ping\n");

        var warned = await AgentRun.OfAsync(board, sequence, "--image", image);
        var places = await File.ReadAllTextAsync(board.PlacesFile);
        await File.WriteAllTextAsync(board.PlacesFile, System.Text.RegularExpressions.Regex.Replace(places, "device: [^,}\\n]+", "device: /dev/none"));
        var lost = await AgentRun.OfAsync(board, sequence);

        Assert.That(warned.Events.Select(runEvent => runEvent.Body).OfType<RigNotice>().Select(notice => (notice.Subject, notice.Message)), Has.Some.Matches<(string Subject, string Message)>(notice => notice.Subject == "image" && notice.Message.Contains("odd.bin", StringComparison.Ordinal)), warned.Output);
        Assert.That((lost.Exit, ((RunEnded)lost.Events[^1].Body).Part), Is.EqualTo((3, "serial")), lost.Output);
    }

    [Test]
    public async Task A_line_that_loses_bytes_leaves_the_run_undetermined()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off", "--fault", "drop:direction=in,p=0.002");

        var (exit, output, events) = await AgentRun.OfAsync(board, Smoke, "--cycles", "3");

        Assert.That(exit, Is.EqualTo(4), output);
        Assert.That(events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step.Failure is not null).Select(step => step.Layer), Has.All.EqualTo(Layer.Undetermined));
        Assert.That(events.Count(runEvent => runEvent.Body is SampleAttributed), Is.InRange(1, 2), "a run repeats at most two of its cycles");
    }

    [Test]
    public async Task An_interrupt_ends_the_run_as_stopped_and_runs_its_cleanup()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var events = Path.Combine(board.Folder, "events.jsonl");
        using var agent = Child.Start("hilrig-agent", "run", Smoke, "--place", board.Place, "--places", board.PlacesFile, "--cycles", "100000", "--events", events, "--data", board.Folder);
        await agent.WaitForAsync("run r-");

        agent.Interrupt();

        Assert.That(await agent.ExitAsync(), Is.EqualTo(130), agent.Output);
        var read = AgentRun.Read(events);
        Assert.That(read[^1].Body, Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.Aborted));
        Assert.That(read.Select(runEvent => runEvent.Body).OfType<StepEnded>().Count(step => step.Phase == StepPhase.Cleanup), Is.EqualTo(2));
    }

    /// <summary>A board with the shipped application, configured.</summary>
    private static async Task<TestBoard> StartAsync(string entry, Func<byte[], byte[]> configure)
    {
        var image = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(image, configure(await File.ReadAllBytesAsync(TestBoard.RepositoryFile("test-suites/images/app-6k.bin"))));
            return await TestBoard.StartAsync(entry, ["--dcache", "off", "--app", image]);
        }
        finally
        {
            File.Delete(image);
        }
    }

    /// <summary>A vector table and seeded bytes.</summary>
    private static byte[] SomeApplication(int size)
    {
        var bytes = new byte[size];
        new Random(5).NextBytes(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(0), 0x20020000u);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), 0x1000A411u);
        bytes.AsSpan(0x3C0, 0x50).Fill(0xFF);
        return bytes;
    }
}
