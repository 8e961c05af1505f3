using System.Text.Json;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Killing the server or the agent in the middle of a run: nothing is lost, nothing is doubled.</summary>
public class OutageTests
{
    private const string Sequence = """
        sequence: updates
        board: kv58
        steps:
          - reset: {by: bootloader}
          - update
          - verify: {by: swd}
          - erase-all
        """;

    [Test]
    public async Task A_server_that_is_away_for_20_s_loses_and_doubles_no_event()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        await using var rig = await TestRig.StartAsync(board);
        var runId = await rig.OrderAsync(Sequence, cycles: 60);
        await rig.WaitForRunAsync(runId, run => run.CyclesDone >= 3);

        await rig.Server!.CrashAsync();
        var journal = Directory.GetFiles(rig.Journals, "*.journal").Single();
        var before = new FileInfo(journal).Length;
        await Task.Delay(TimeSpan.FromSeconds(20));
        var grown = File.Exists(journal) ? new FileInfo(journal).Length : long.MaxValue;
        await rig.StartServerAsync();
        var run = await rig.WaitForRunAsync(runId, run => !run.IsRunning);

        Assert.That(grown, Is.GreaterThan(before), "the run went on while the server was down");
        var events = await rig.EventsAsync(runId);
        Assert.That(events.Select(runEvent => runEvent.Number), Is.EqualTo(Enumerable.Range(1, events.Count)));
        Assert.That(events.Select(runEvent => runEvent.Body).OfType<CycleEnded>().Select(cycle => cycle.Cycle), Is.EqualTo(Enumerable.Range(1, 60)));
        Assert.That(run.Ended!.Reason, Is.EqualTo(EndReason.Completed));
        Assert.That(run.LastNumber, Is.EqualTo(events.Count));
    }

    [Test]
    public async Task An_agent_killed_in_mid_run_loses_no_event_that_was_on_disk_and_leaves_no_pyocd()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        await using var rig = await TestRig.StartAsync(board);
        var runId = await rig.OrderAsync(Sequence, cycles: 10_000);
        await rig.WaitForRunAsync(runId, run => run.CyclesDone >= 3);
        var children = ChildrenOf(rig.Agent!.Id);

        // The server goes first, so that the last events are on the agent's disk alone.
        await rig.Server!.CrashAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await rig.Agent.CrashAsync();
        var onDisk = ReadJournal(Directory.GetFiles(rig.Journals, "*.journal").Single());
        await rig.StartServerAsync();
        await rig.StartAgentAsync();
        var run = await rig.WaitForRunAsync(runId, run => !run.IsRunning);

        Assert.That(run.Ended!.Reason, Is.EqualTo(EndReason.AgentLost));
        var stored = await rig.EventsAsync(runId);
        Assert.That(stored, Has.Count.EqualTo(onDisk.Count + 1), "everything that was on disk, and the end");
        Assert.That(stored.Take(onDisk.Count).Select(Text), Is.EqualTo(onDisk.Select(Text)));
        Assert.That(children, Is.Not.Empty, "the agent had a pyOCD");
        Assert.That(children.Where(IsAlive), Is.Empty, "no pyOCD outlives its agent");

        var next = await rig.OrderAsync(Sequence, cycles: 1);
        Assert.That((await rig.WaitForRunAsync(next, candidate => !candidate.IsRunning)).Verdict, Is.EqualTo(Verdict.Pass));
    }

    private static string Text(RunEvent runEvent) => JsonSerializer.Serialize(runEvent, RunJson.Options);

    private static List<RunEvent> ReadJournal(string file) =>
        [.. File.ReadAllText(file).Split('\n').Where(line => line.EndsWith('}')).Select(line => JsonSerializer.Deserialize<RunEvent>(line.AsSpan(9), RunJson.Options)!)
            // The first line is the lease, no event.
            .Where(runEvent => runEvent.Number > 0)];

    private static List<int> ChildrenOf(int parent) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!))
            .Where(id => Stat(id) is { } stat && stat.Parent == parent)];

    private static bool IsAlive(int id) => Stat(id) is { State: not 'Z' };

    /// <summary>State and parent from /proc/ID/stat: <c>id (name) state parent …</c>; null where the process is gone.</summary>
    private static (char State, int Parent)? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
