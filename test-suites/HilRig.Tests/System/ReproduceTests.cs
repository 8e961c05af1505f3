using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>From a failing run on a virtual board to trigger and reproducer, unattended, by the programs as an operator starts them.</summary>
public class ReproduceTests
{
    private static readonly string ReUpdate = TestBoard.RepositoryFile("test-suites/sequences/kv58/re-update.yaml");
    private static readonly string Image = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    /// <summary>25 cycles to flag it and at most 60 to reproduce it; 150 are allowed in all.</summary>
    [Test]
    public async Task The_forums_failure_goes_from_a_red_cell_to_its_trigger_and_three_steps()
    {
        using var board = await TestBoard.StartAsync("--dcache", "on");
        await RunAsync(board, 25);
        // The first start is interrupted when it has learned something; the second goes on there.
        using (var interrupted = StartReproduce(board, 45))
        {
            await interrupted.WaitForAsync("1 cycles: failed");
            interrupted.Interrupt();
            await interrupted.ExitAsync(TimeSpan.FromMinutes(1));
        }
        var (exit, output) = await ReproduceAsync(board, 45);
        var sequence = SequenceFile.Load(Path.Combine(board.Folder, "reproducer.yaml"));

        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Does.Match("taken up after [1-9] cycles").And.Match("with an image of \\d+ bytes"));
        Assert.That(output, Does.Contain("when the application area held application at the bootloader's start"));
        Assert.That(output, Does.Match("fails (\\d+) of \\1 in 3 steps").And.Match("without them 0 of \\d+, drawn cycle by cycle: confirmed at 95 %"));
        Assert.That(sequence.Steps.Cast<StepCall>().Select(step => step.Name), Is.EqualTo(new[] { "reset", "erase-all", "reset", "update", "reset", "update" }));

        // A second start on the same folder goes on where this one ended: only the proof is made again.
        var log = Path.Combine(board.Folder, "work", "candidates.jsonl");
        var tried = await File.ReadAllLinesAsync(log);
        var (again, second) = await ReproduceAsync(board, 20);
        Assert.That(again, Is.Zero, second);
        Assert.That(second, Does.Match("taken up after \\d+ cycles"));
        Assert.That(await File.ReadAllLinesAsync(log), Is.EqualTo(tried));
    }

    [Test]
    public async Task A_failure_that_only_one_place_shows_is_that_places()
    {
        using var cached = await TestBoard.StartAsync("--dcache", "on");
        using var healthy = await TestBoard.StartAsync("--dcache", "off");
        var places = Path.Combine(cached.Folder, "both.yaml");
        var other = (await File.ReadAllTextAsync(healthy.PlacesFile)).Replace("places:", "", StringComparison.Ordinal).Replace("name: kv58-t", "name: kv58-u", StringComparison.Ordinal);
        await File.WriteAllTextAsync(places, await File.ReadAllTextAsync(cached.PlacesFile) + "\n" + other);
        var sequence = cached.WriteSequence("sequence: s\nboard: kv58\nsteps:\n  - reset: {by: power}\n  - erase-all\n  - reset: {by: power}\n  - update\n  - reset: {by: probe}\n  - update\n");

        using var command = Child.Start("hilrig", ["investigate", sequence, "--fingerprint", "f1/update/write-memory/10203", "--place", "kv58-t", "--other", "kv58-u", "--places", places, "--image", Image, "--cycles", "5"]);
        var exit = await command.ExitAsync(TimeSpan.FromMinutes(2));

        Assert.That(command.Output, Does.Match("here, kv58-t: failed (\\d) of \\1").And.Match("other board, kv58-u: failed 0 of \\d").And.Contain("rig: only this place shows it"));
        Assert.That(exit, Is.EqualTo(3));
    }

    private static async Task<(int Exit, string Output)> ReproduceAsync(TestBoard board, int budget)
    {
        using var command = StartReproduce(board, budget);
        return (await command.ExitAsync(TimeSpan.FromMinutes(4)), command.Output);
    }

    private static Child StartReproduce(TestBoard board, int budget) =>
        Child.Start("hilrig", ["reproduce", Path.Combine(board.Folder, "run.jsonl"), "--place", board.Place, "--places", board.PlacesFile, "--image", Image,
            "--budget", $"{budget}", "--data", Path.Combine(board.Folder, "work"), "--out", Path.Combine(board.Folder, "reproducer.yaml")]);

    private static async Task RunAsync(TestBoard board, int cycles)
    {
        using var agent = Child.Start("hilrig-agent", ["run", ReUpdate, "--place", board.Place, "--places", board.PlacesFile, "--cycles", $"{cycles}", "--seed", "3", "--events", Path.Combine(board.Folder, "run.jsonl"), "--data", board.Folder]);
        Assert.That(await agent.ExitAsync(TimeSpan.FromMinutes(3)), Is.EqualTo(1), agent.Output);
    }
}
