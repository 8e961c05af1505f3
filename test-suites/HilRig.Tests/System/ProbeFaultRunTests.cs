using HilRig.Agent.Probe;
using HilRig.Model.Runs;
using HilRig.Tests.VirtualBoard.Probe;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Whatever the probe does, a run names it, goes on with the next cycle and leaves nothing behind.</summary>
public class ProbeFaultRunTests
{
    private const uint Dhcsr = 0xE000EDF0, HaltedBit = 1u << 17;

    private static readonly string Image = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    [Test]
    public async Task A_probe_that_loses_its_wires_its_bus_and_its_cable_ends_steps_as_errors_of_the_rig_and_the_run_goes_on()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off",
            "--fault", "probe-no-ack:index=1500,for=24", "--fault", "probe-wait:index=3500,for=30", "--fault", "probe-unplug:index=9000,for=16");

        var run = await RunAsync(board, "sequence: s\nboard: kv58\ncycles: 200\nsteps: [snapshot: {start: 0x10000000, length: 0x8000}]", Path.GetDirectoryName(PyOcd.Executable)!);

        AssertEndsWell(board, run);
        Assert.That(Errors(run).Select(step => step.Failure!.Message), Has.Some.Contain("No ACK").And.Some.Contain("No cores were discovered").And.Some.Contain("status code 2"), "a bus that only says WAIT shows no core");
        await AssertNothingIsLeftAsync(board);
    }

    [Test]
    public async Task A_pyOCD_that_talks_nonsense_floods_dies_or_hangs_is_replaced_and_the_run_goes_on()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        // A cycle saves that memory once and launches one flash command. A read is tried twice, so a deed is done twice; a command is not.
        var pyOcd = new MisbehavingPyOcd(board.Folder, PyOcd.Executable,
            ("savemem 0x10010000", 1, 2, "garbage"), ("savemem 0x10010000", 4, 2, "flood"), ("savemem 0x10010000", 7, 2, "die"), ("savemem 0x10010000", 10, 1, "die"), ("write8", 3, 1, "hang"));

        var run = await RunAsync(board, "sequence: s\nboard: kv58\ncycles: 9\nsteps: [snapshot: {start: 0x10010000, length: 0x1000}, read-margins: {start: 0x10012000, length: 0x40}]", pyOcd.SearchPath);

        AssertEndsWell(board, run);
        Assert.That(pyOcd.Done.Distinct(), Is.EquivalentTo(new[] { "garbage", "flood", "die", "hang" }), run.Output);
        Assert.That(Errors(run).Select(step => step.Failure!.Message),
            Has.Some.Contain("answered `savemem").And.Some.Contain("cut off").And.Some.Contain("ended during").And.Some.Contain("did not finish `write8"));
        Assert.That(run.Steps.Any(step => step is { Verdict: Verdict.Pass, Marginal: true } && step.Measurements["probe-restarts"] == 1), "a death that a repetition mends is counted");
        await AssertNothingIsLeftAsync(board);
    }

    [Test]
    public async Task A_pyOCD_that_is_stuck_in_a_transfer_dies_with_an_agent_that_is_killed()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off", "--fault", "probe-hang:index=120");
        var uid = Uid(board);
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps: [ping]");
        using var agent = Child.Start("hilrig-agent", "run", sequence, "--place", board.Place, "--places", board.PlacesFile, "--data", board.Folder);
        await StuckAsync(uid, agent);

        await agent.CrashAsync();

        await Processes.GoneAsync(uid, TimeSpan.FromSeconds(10));
    }

    private static Task<AgentRun> RunAsync(TestBoard board, string sequence, string path) => AgentRun.OfAsync(board, board.WriteSequence(sequence), new Dictionary<string, string?>
    {
        ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(board.Folder, "tmp")).FullName,
        ["PATH"] = path.Contains(':') ? path : Environment.GetEnvironmentVariable("PATH"),
    }, "--image", Image);

    private static IEnumerable<StepEnded> Errors(AgentRun run) => run.Steps.Where(step => step is { Phase: StepPhase.Steps, Verdict: Verdict.Error });

    private static void AssertEndsWell(TestBoard board, AgentRun run)
    {
        Assert.That(run.Exit, Is.EqualTo(3), run.Output);
        Assert.That(run.Events[^1].Body, Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.Completed), run.Output);
        foreach (var step in Errors(run))
        {
            Assert.That((step.Layer, step.Failure!.Operation), Is.EqualTo((Layer.Rig, "probe")));
            Assert.That(step.Failure.Message, Does.Contain($"probe {Uid(board)}"));
        }
        Assert.That(run.Steps.Last(step => step.Phase == StepPhase.Steps).Verdict, Is.EqualTo(Verdict.Pass), "the last cycle runs as if nothing had been");
    }

    private static async Task AssertNothingIsLeftAsync(TestBoard board)
    {
        await Processes.GoneAsync(Uid(board));
        Assert.That(Directory.GetDirectories(Path.Combine(board.Folder, "tmp"), "hilrig-*"), Is.Empty);
        await using var probe = board.OpenProbe();
        Assert.That(await probe.ReadWordAsync(Dhcsr, default) & HaltedBit, Is.Zero, "nobody holds the core");
    }

    private static string Uid(TestBoard board) => HilRig.Agent.Places.PlacesFile.Load(board.PlacesFile)[0].Probe.Uid;

    /// <summary>Until pyOCD has connected so far that it used its time, and uses next to none any more.</summary>
    private static async Task StuckAsync(string uid, Child agent)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        for (var before = 0L; ; )
        {
            timeout.Token.ThrowIfCancellationRequested();
            var ticks = Processes.With(uid).Select(Processes.Ticks).DefaultIfEmpty(0).Max();
            if (ticks > 10 && ticks - before <= 1)
                return;
            before = ticks;
            if (agent.HasExited)
                Assert.Fail($"the agent ended: {agent.Output}");
            await Task.Delay(700, CancellationToken.None);
        }
    }
}
