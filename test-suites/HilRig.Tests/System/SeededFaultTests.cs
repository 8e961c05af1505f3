using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>
/// Three faults of other kinds than the forum's, each from the first failure to trigger and reproducer within 150 cycles, by
/// the programs as an operator starts them. Each takes minutes: the full tests run them, <c>docs/reliability.md</c> has the figures.
/// </summary>
public partial class SeededFaultTests
{
    private const int Allowed = 150;
    private static readonly string Image = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    [SetUp]
    public void OnlyInTheFullTests()
    {
        if (!Extent.IsFull)
            Assert.Ignore("takes minutes; ./rig test --full SeededFault runs it, and docs/reliability.md has its figures");
    }

    [Test]
    public async Task A_failure_of_one_cycle_in_twenty_needs_nothing_before_it()
    {
        // A speculative load meets an erase: p an erased sector, anywhere in the 6 KB that the update then writes.
        using var board = await TestBoard.StartAsync("--fault", "garbage-line:p=0.05,length=0x1800");
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps:\n  - erase-all\n  - reset: {by: probe}\n  - update\n");
        // Twenty cycles at a time until it is flagged, as a campaign would go on.
        var runs = new List<SeededRun>();
        do
            runs.Add(await RunAsync(board, board.Place, board.PlacesFile, sequence, 20, seed: runs.Count + 1));
        while (runs.Sum(one => one.Failures) < 2 && runs.Count < 10);
        var first = runs.FindIndex(one => one.Failures > 0);
        var run = runs[first] with { AfterFirstFailure = runs[first].AfterFirstFailure + 20 * (runs.Count - first - 1) };
        var (exit, output) = await ReproduceAsync(board, board.PlacesFile, runs.Select(one => one.File), Allowed - run.AfterFirstFailure);

        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Does.Contain("no condition is supported as its trigger").And.Match("fails \\d+ of \\d+ in 1 step"));
        Report("5 %", run, output);
    }

    [Test]
    public async Task A_failure_that_needs_two_conditions_jointly_is_traced_to_both()
    {
        // An application that lay there at the start is still in the cache after an erase, and nowhere else: without the
        // application, or without the erase, what the bootloader reads back is right.
        using var board = await TestBoard.StartAsync("--dcache", "on");
        var sequence = board.WriteSequence("""
            sequence: s
            board: kv58
            steps:
              - erase-all
              - reset: {by: probe}
              - choose:
                  - update
                  - {weight: 1, steps: []}
              - reset: {by: probe}
              - choose:
                  - erase-region
                  - {weight: 1, steps: []}
              - verify: {by: bootloader}
            """);
        var run = await RunAsync(board, board.Place, board.PlacesFile, sequence, 60);
        var (exit, output) = await ReproduceAsync(board, board.PlacesFile, [run.File], Allowed - run.AfterFirstFailure);
        var reproducer = SequenceFile.Load(Path.Combine(board.Folder, "reproducer.yaml")).Steps.Cast<StepCall>().Select(step => step.Name).ToList();

        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Does.Match("when .*application at the bootloader's start.* and |when .* and .*application at the bootloader's start"));
        // Four steps by the way that the night went; the search may find the shorter one, an update of flash that was blank at the start.
        Assert.That(output, Does.Match("fails (\\d+) of \\1 in [34] steps").And.Contain("confirmed at 95 %"));
        Assert.That((reproducer.Contains("update"), reproducer[^1]), Is.EqualTo((true, "verify")));
        Report("two conditions", run, output);
    }

    [Test]
    public async Task A_failure_of_one_board_only_is_traced_to_the_board_and_reproduced_there()
    {
        using var bad = await TestBoard.StartAsync("--dcache", "on");
        using var good = await TestBoard.StartAsync("--dcache", "off");
        var places = bad.Beside(good, "kv58-u");
        var sequence = TestBoard.RepositoryFile("test-suites/sequences/kv58/re-update.yaml");
        var run = await RunAsync(bad, bad.Place, places, sequence, 30);
        var other = await RunAsync(good, "kv58-u", places, sequence, 30);
        var (exit, output) = await ReproduceAsync(bad, places, [run.File, other.File], Allowed - 10 - run.AfterFirstFailure - 30);

        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Does.Match($"were on {bad.Place}, which had \\d+ of \\d+ trials").And.Match("fails (\\d+) of \\1 in 3 steps"));

        using var investigate = Child.Start("hilrig", ["investigate", Path.Combine(bad.Folder, "reproducer.yaml"), "--fingerprint", "f1/update/write-memory/10203", "--place", bad.Place, "--other", "kv58-u", "--places", places, "--image", Image, "--cycles", "5"]);
        Assert.That(await investigate.ExitAsync(TimeSpan.FromMinutes(3)), Is.EqualTo(3), investigate.Output);
        Assert.That(investigate.Output, Does.Contain("rig: only this place shows it"));
        Report("one board", run with { AfterFirstFailure = run.AfterFirstFailure + 30 + 10 }, output);
    }

    private static async Task<SeededRun> RunAsync(TestBoard board, string place, string places, string sequence, int cycles, int seed = 3)
    {
        var events = Path.Combine(board.Folder, $"run-{place}-{seed}.jsonl");
        using var agent = Child.Start("hilrig-agent", ["run", sequence, "--place", place, "--places", places, "--image", Image, "--cycles", $"{cycles}", "--seed", $"{seed}", "--release", "kboot-2.0", "--events", events, "--data", board.Folder]);
        await agent.ExitAsync(TimeSpan.FromMinutes(8));
        var ended = (await File.ReadAllLinesAsync(events)).Select(line => JsonSerializer.Deserialize<RunEvent>(line, RunJson.Options)!.Body).OfType<CycleEnded>();
        var failed = ended.Where(cycle => cycle.Verdict > Verdict.Pass).Select(cycle => cycle.Cycle).ToList();
        return new SeededRun(events, failed.Count == 0 ? 0 : cycles - failed.Min() + 1, failed.Count);
    }

    private static async Task<(int Exit, string Output)> ReproduceAsync(TestBoard board, string places, IEnumerable<string> events, int budget)
    {
        using var command = Child.Start("hilrig", ["reproduce", .. events, "--place", board.Place, "--places", places, "--image", Image, "--budget", $"{budget}", "--data", Path.Combine(board.Folder, "work"), "--out", Path.Combine(board.Folder, "reproducer.yaml")]);
        return (await command.ExitAsync(TimeSpan.FromMinutes(12)), command.Output);
    }

    private static void Report(string fault, SeededRun run, string output)
    {
        var spent = int.Parse(SpentOf().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"{fault}: {run.AfterFirstFailure} cycles from the first failure on, {spent} more to the proven reproducer: {run.AfterFirstFailure + spent} of {Allowed}\n{output}");
        Assert.That(run.AfterFirstFailure + spent, Is.LessThanOrEqualTo(Allowed));
    }

    [GeneratedRegex("(\\d+) cycles: [^ ]*reproducer.yaml")]
    private static partial Regex SpentOf();

    /// <param name="AfterFirstFailure">Cycles from the first failing one on, itself included.</param>
    private sealed record SeededRun(string File, int AfterFirstFailure, int Failures);
}
