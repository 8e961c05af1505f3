using System.Text.Json;
using HilRig.Agent.Hub;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>What an agent does with a failure that nobody can judge, and with a place whose board is not well.</summary>
public class RerunTests
{
    [Test]
    public async Task A_noisy_line_is_told_from_its_board_by_another_place_with_the_same_release()
    {
        using var noisy = await TestBoard.StartAsync("--dcache", "off", "--fault", "flip:direction=in,p=0.02");
        using var clean = await TestBoard.StartAsync("--dcache", "off");
        var places = noisy.Beside(clean, "kv58-u");
        var sequence = noisy.WriteSequence("sequence: s\nboard: kv58\nsteps: [erase-all, update, verify: {by: swd}]");
        var image = TestBoard.RepositoryFile("test-suites/images/app-12k.bin");

        var (events, output) = await RunAsync(noisy, sequence, places, "--spares", "--image", image, "--cycles", "1");

        var undetermined = events.Where(runEvent => runEvent.Body is StepEnded { Phase: StepPhase.Steps, Layer: Layer.Undetermined }).ToList();
        var attributed = events.Select(runEvent => runEvent.Body).OfType<SampleAttributed>().ToList();
        Assert.That(undetermined, Is.Not.Empty, output);
        Assert.That(attributed.Select(sample => sample.Number), Is.EqualTo(undetermined.Select(runEvent => runEvent.Number)), output);
        Assert.That(attributed.Select(sample => sample.Layer), Has.All.EqualTo(Layer.Rig), output);
        Assert.That(attributed[0].Reruns.Select(rerun => rerun.Arm).Distinct(), Is.EqualTo(new[] { RerunArm.SameBoard, RerunArm.OtherBoard, RerunArm.Reference }));
    }

    [Test]
    public async Task A_repetition_that_the_server_orders_is_of_that_cycle_alone_and_says_so()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var again = new RerunOf("r-1", 40, 3, RerunArm.OtherBoard);
        using var shelf = new JournalShelf(board.Folder, TimeProvider.System);
        using var artifacts = new ArtifactStore(new Uri("http://127.0.0.1:1"), board.Folder);
        using var sender = new EventSender(shelf, NullLogger.Instance);
        await using var desk = new OrderDesk("a", PlacesFile.Load(board.PlacesFile), shelf, sender, artifacts, new StateFolder(board.Folder), TimeProvider.System, NullLogger.Instance);

        await desk.StartRun(new RunOrder("r-2", 1, board.Place, "s.yaml", "sequence: s\nboard: kv58\nsteps: [ping]", null, null, 3, 1, null, again));
        var journal = shelf.All().Single();
        await Task.Run(() => Assert.That(() => journal.HasEnded, Is.True.After(60_000, 50)));

        var bodies = journal.ReadAfter(0, int.MaxValue).Select(runEvent => runEvent.Body).ToList();
        Assert.That(((RunStarted)bodies[0]).RerunOf, Is.EqualTo(again));
        Assert.That(bodies.OfType<CycleStarted>().Select(cycle => cycle.Cycle).Where(cycle => cycle > 0), Is.EqualTo(new[] { 3 }));
        Assert.That(bodies[^1], Is.InstanceOf<RunEnded>().With.Property("Verdict").EqualTo(Verdict.Pass));
    }

    [Test]
    public async Task A_board_that_fails_its_health_check_is_out_of_rotation_with_the_reason()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off", "--fault", "fprot:mask=0x7FFFFFFF");
        await File.AppendAllTextAsync(board.PlacesFile, "\n    health: {every: 2}\n");
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps: [ping]");

        var (events, output) = await RunAsync(board, sequence, board.PlacesFile);

        Assert.That(events[^1].Body, Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.Refused), output);
        Assert.That(((RunEnded)events[^1].Body).Message, Does.Contain("its health check failed: `erase-region`").And.Contain("104"));
    }

    [Test]
    public async Task A_healthy_board_is_checked_before_its_first_run_and_every_so_many()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var health = Path.Combine(board.Folder, "health.yaml");
        await File.WriteAllTextAsync(health, "sequence: h\nboard: kv58\nsteps: [reset: {by: probe}]");
        await File.AppendAllTextAsync(board.PlacesFile, "\n    health: {every: 2, sequence: health.yaml}\n");
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps: [ping]");
        foreach (var expected in new[] { "1", "2", "1" })
        {
            var (events, output) = await RunAsync(board, sequence, board.PlacesFile);
            Assert.That(events[^1].Body, Is.InstanceOf<RunEnded>().With.Property("Verdict").EqualTo(Verdict.Pass), output);
            Assert.That(await File.ReadAllTextAsync(Path.Combine(board.Folder, "health", $"{board.Place}.runs")), Is.EqualTo(expected));
        }
    }

    private static async Task<(List<RunEvent> Events, string Output)> RunAsync(TestBoard board, string sequence, string places, params string[] options)
    {
        var events = Path.Combine(board.Folder, "events.jsonl");
        using var agent = Child.Start("hilrig-agent", ["run", sequence, "--place", board.Place, "--places", places, "--data", board.Folder, "--events", events, .. options]);
        await agent.ExitAsync(TimeSpan.FromMinutes(3));
        return ([.. (await File.ReadAllLinesAsync(events)).Select(line => JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options)!)], agent.Output);
    }
}
