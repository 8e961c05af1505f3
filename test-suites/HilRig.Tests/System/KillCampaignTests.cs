using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>SIGKILL to a serving agent at random moments, its start included; what was on its disk then is what the server has in the end.</summary>
[NonParallelizable]
public class KillCampaignTests
{
    private const int LongestWait = 1500;

    private const string Sequence = """
        sequence: s
        board: kv58
        setup: [reset: {by: power}]
        steps: [erase-all, update, verify: {by: swd}, reset: {by: bootloader}, ping]
        cleanup: [reset: {by: power}]
        """;

    private readonly JournalWatch onDisk = new();
    private readonly List<string> runs = [];

    [Test]
    public async Task No_event_is_lost_or_doubled_no_verdict_is_wrong_and_every_run_goes_on()
    {
        var kills = Number("HILRIG_KILLS") ?? (Extent.IsFull ? 1000 : 20);
        var seed = Number("HILRIG_SEED") ?? Random.Shared.Next();
        TestContext.Progress.WriteLine($"{kills} kills, seed {seed} (HILRIG_SEED replays the moments)");
        var random = new Random(seed);
        using var board = await TestBoard.StartAsync("--dcache", "off");
        await using var rig = await TestRig.StartAsync(board, "--after-crash", "resume");
        for (var kill = 0; kill < kills; kill++)
        {
            if (runs.Count == 0 || await HasEndedAsync(rig, runs[^1]))
                runs.Add(await rig.OrderAsync(Sequence, cycles: 4));
            // Three in four fall into a run, wherever it stands; opening a bench takes longer than a step.
            if (random.Next(4) > 0)
                await GrownAsync(rig);
            await Task.Delay(random.Next(LongestWait));
            await rig.Agent!.CrashAsync();
            Assert.That(onDisk.Read(rig.Journals), Is.Empty);
            // One start in five is itself a moment to be killed in.
            if (random.Next(5) == 0)
                rig.LaunchAgent();
            else
                await rig.StartAgentAsync();
        }

        var (parked, resumed) = (0, 0);
        foreach (var runId in runs)
        {
            var ended = (await rig.WaitForRunAsync(runId, run => run.Ended is not null, seconds: 180)).Ended!;
            var events = await rig.EventsAsync(runId);
            Assert.That(events.Select(runEvent => runEvent.Number), Is.EqualTo(Enumerable.Range(1, events.Count)), runId);
            Assert.That(onDisk.Missing(runId, events), Is.Empty);
            parked += CheckVerdicts(runId, events, ended);
            resumed += events.Count(runEvent => runEvent.Body is RunResumed);
        }
        TestContext.Progress.WriteLine($"{kills} kills: {runs.Count} runs, {resumed} times taken up, {parked} runs with a parked step, {onDisk.Count} events compared");
        Assert.That(resumed, Is.Positive, "no kill fell into a run");
    }

    /// <summary>On a healthy board everything passes but a step that was refused because the agent had died in it twice. Answers 1 where one was.</summary>
    private static int CheckVerdicts(string runId, List<RunEvent> events, RunEnded ended)
    {
        var parked = new HashSet<(StepPhase, string, string)>();
        foreach (var body in events.Select(runEvent => runEvent.Body))
        {
            if (body is StepParked step)
                parked.Add((step.Phase, step.Step, step.Arguments));
            else if (body is StepEnded { Verdict: not Verdict.Pass } bad)
                Assert.That(bad is { Verdict: Verdict.Error, Layer: Layer.Rig } && parked.Contains((bad.Phase, bad.Step, bad.Arguments)), $"{runId}: {bad.Step} in cycle {bad.Cycle}: {bad.Verdict}, {bad.Layer}: {bad.Failure}");
        }
        var cycles = events.Select(runEvent => runEvent.Body).OfType<CycleEnded>().Select(cycle => cycle.Cycle).ToList();
        Assert.That(cycles, Is.Unique.And.Ordered, runId);
        if (parked.Count == 0)
            Assert.That((ended.Verdict, ended.Reason), Is.EqualTo((Verdict.Pass, EndReason.Completed)), $"{runId}: {ended.Message}");
        return Math.Min(1, parked.Count);
    }

    /// <summary>Waits until the agent has written, or retired a run that had just ended; not for ever, since nothing else may come.</summary>
    private static async Task GrownAsync(TestRig rig)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var before = Bytes();
        while (Bytes() == before && !timeout.IsCancellationRequested)
            await Task.Delay(20, CancellationToken.None);

        long Bytes() => Directory.Exists(rig.Journals) ? new DirectoryInfo(rig.Journals).GetFiles().Sum(file => file.Exists ? file.Length : 0) : 0;
    }

    private static async Task<bool> HasEndedAsync(TestRig rig, string runId) =>
        (await rig.FindRunAsync(runId))?.Ended is not null;

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
}
