using System.Diagnostics;
using System.Text.Json;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary><c>agent run</c> as a process that is paused, skipped, stopped, killed and taken up again.</summary>
public class RunControlTests
{
    private TestBoard board = null!;
    private string events = "";

    [OneTimeSetUp]
    public async Task StartBoard() => board = await TestBoard.StartAsync("--dcache", "off");

    [OneTimeTearDown]
    public void StopBoard() => board.Dispose();

    [SetUp]
    public void NameEvents() => events = Path.Combine(board.Folder, TestContext.CurrentContext.Test.ID + ".jsonl");

    [Test]
    public async Task A_run_pauses_between_steps_and_goes_on()
    {
        using var agent = Start("steps: [ping]", "--cycles", "100000");
        await agent.WaitForAsync("run r-");
        Signal(agent, "TSTP");
        await agent.WaitForAsync("operator: paused");
        var (before, state) = (Cycles(), Read()[^1].Body);

        Signal(agent, "CONT");
        await agent.WaitForAsync("operator: goes on");
        agent.Interrupt();

        Assert.That(await agent.ExitAsync(), Is.EqualTo(130), agent.Output);
        Assert.That(state, Is.EqualTo(new RigNotice("operator", "paused")), "nothing happens in a pause");
        Assert.That(Cycles(), Is.GreaterThanOrEqualTo(before));
    }

    [Test]
    public async Task A_stop_lets_the_step_end_and_a_second_breaks_it_off()
    {
        using var agent = Start("steps: [wait: {for: 1h}]\ncleanup: [ping]");
        await agent.WaitForAsync("run r-");
        await BegunAsync("wait");
        agent.Interrupt();
        await agent.WaitForAsync("stops after this step");
        Assert.That(agent.HasExited, Is.False);

        agent.Interrupt();

        Assert.That(await agent.ExitAsync(), Is.EqualTo(130), agent.Output);
        var steps = Read().Select(runEvent => runEvent.Body).OfType<StepEnded>().ToList();
        Assert.That(steps.Select(step => (step.Step, step.Verdict)), Is.EqualTo(new[] { ("wait", Verdict.Aborted), ("ping", Verdict.Pass) }));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_skipped_cycle_counts_for_nothing_and_the_next_begins()
    {
        using var agent = Start("steps: [wait: {for: 1h}]", "--cycles", "2");
        await agent.WaitForAsync("run r-");
        foreach (var cycle in new[] { 1, 2 })
        {
            await BegunAsync("wait", times: cycle);
            Signal(agent, "USR1");
            await agent.WaitForAsync($"cycle {cycle}: `wait` was skipped");
        }

        Assert.That(await agent.ExitAsync(), Is.Zero, agent.Output);
        var bodies = Read().Select(runEvent => runEvent.Body).ToList();
        Assert.That(bodies.OfType<CycleEnded>(), Is.Empty);
        Assert.That(bodies.OfType<StepEnded>().Where(step => step.Phase == StepPhase.Steps), Is.Empty);
        Assert.That(bodies[^1], Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task A_step_in_which_the_agent_dies_twice_is_parked_and_the_night_goes_on()
    {
        const string Steps = "steps: [ping, wait: {for: 1h}]";
        using (var agent = Start(Steps, "--cycles", "4"))
        {
            await agent.WaitForAsync("run r-");
            await BegunAsync("wait");
            await agent.CrashAsync();
        }
        var runId = Read()[0].RunId;
        using (var agent = Start(Steps, "--resume", runId))
        {
            await agent.WaitForAsync("goes on at cycle 2: the agent died in `wait`");
            await BegunAsync("wait", times: 2);
            await agent.CrashAsync();
        }
        using var last = Start(Steps, "--resume", runId);

        Assert.That(await last.ExitAsync(), Is.EqualTo(3), last.Output);
        Assert.That(last.Output, Does.Contain("`wait` is parked: the agent died in it 2 times"));
        var read = Read();
        Assert.That(read.Select(runEvent => runEvent.Number), Is.EqualTo(Enumerable.Range(1, read.Count)));
        var bodies = read.Select(runEvent => runEvent.Body).ToList();
        Assert.That(bodies.OfType<CycleEnded>().Select(cycle => (cycle.Cycle, cycle.Verdict, cycle.Layer)),
            Is.EqualTo(new[] { (3, Verdict.Error, Layer.Rig), (4, Verdict.Error, Layer.Rig) }));
        Assert.That(bodies.OfType<StepEnded>().Where(step => step is { Step: "ping", Phase: StepPhase.Steps }).Select(step => step.Cycle), Is.EqualTo(new[] { 1, 2, 3, 4 }));
    }

    [TestCase("another sequence", "steps: [ping, ping]", "it began with another sequence")]
    [TestCase("a run that ended", "steps: [ping]", "the run has ended")]
    public async Task What_cannot_be_taken_up_is_refused(string what, string steps, string message)
    {
        _ = what;
        using (var agent = Start("steps: [ping]", message.Contains("another", StringComparison.Ordinal) ? ["--cycles", "100000"] : []))
        {
            await agent.WaitForAsync("run r-");
            if (message.Contains("another", StringComparison.Ordinal))
                await agent.CrashAsync();
            else
                await agent.ExitAsync();
        }

        using var again = Start(steps, "--resume", Read()[0].RunId);

        Assert.That(await again.ExitAsync(), Is.EqualTo(2), again.Output);
        Assert.That(again.Output, Does.Contain(message));
    }

    [Test]
    public async Task A_disk_that_is_nearly_full_ends_a_run_before_its_evidence_finds_no_room()
    {
        using var agent = Start("steps: [ping]\ncleanup: [ping]", "--keep-free", "900000000");

        Assert.That(await agent.ExitAsync(), Is.EqualTo(3), agent.Output);
        var bodies = Read().Select(runEvent => runEvent.Body).ToList();
        Assert.That(bodies[^1], Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.DiskFull));
        Assert.That(bodies.OfType<StepEnded>().Single().Phase, Is.EqualTo(StepPhase.Cleanup));
    }

    private Child Start(string steps, params string[] options)
    {
        var sequence = board.WriteSequence($"sequence: s\nboard: kv58\n{steps}\n");
        return Child.Start("hilrig-agent", ["run", sequence, "--place", board.Place, "--places", board.PlacesFile, "--data", board.Folder, "--events", events, .. options]);
    }

    private List<RunEvent> Read() =>
        [.. File.ReadAllText(events).Split('\n')[..^1].Select(line => JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options)!)];

    private int Cycles() => Read().Count(runEvent => runEvent.Body is CycleEnded);

    private async Task BegunAsync(string step, int times = 1)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(events) || Read().Count(runEvent => runEvent.Body is StepStarted started && started.Step == step) < times)
            await Task.Delay(20, timeout.Token);
    }

    private static void Signal(Child agent, string signal) => Process.Start("kill", ["-" + signal, $"{agent.Id}"]).WaitForExit();
}
