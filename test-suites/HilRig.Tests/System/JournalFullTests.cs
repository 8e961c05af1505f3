using System.Diagnostics;
using HilRig.Agent.Running;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>A journal that can grow no more; the limit of a file's size stands in for a full disk.</summary>
public class JournalFullTests
{
    [Test]
    public async Task A_journal_that_can_grow_no_more_ends_the_run_in_words_and_stays_whole()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps: [ping]");

        var (exit, output) = await RunLimitedAsync(board.Folder, "run", sequence, "--place", board.Place, "--places", board.PlacesFile, "--cycles", "1000", "--data", board.Folder);

        Assert.That(exit, Is.EqualTo(3), output);
        Assert.That(output, Does.Contain("make room on that disk"));
        var runs = Path.Combine(board.Folder, "runs");
        var file = Directory.GetFiles(runs).Single();
        var length = new FileInfo(file).Length;
        using var journal = RunJournal.Open(runs, Path.GetFileNameWithoutExtension(file), TimeProvider.System);
        Assert.That(new FileInfo(file).Length, Is.EqualTo(length), "no torn line is left to be cut off");
        var last = journal.ReadAfter(journal.LastNumber - 1, 1).Single().Body;
        Assert.That(last is not RunEnded ended || ended.Reason == EndReason.DiskFull, $"{last}");
    }

    [Test]
    public async Task An_order_that_the_disk_does_not_take_begins_when_there_is_room_and_leaves_no_empty_journal()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        await using var rig = await TestRig.StartLimitedAsync(board);
        rig.Agent!.Limit(16);
        var runId = await rig.OrderAsync("sequence: s\nboard: kv58\nsteps: [ping]", cycles: 2);
        await rig.Agent.WaitForAsync("make room on that disk");
        Assert.That(Directory.GetFiles(rig.Journals), Is.Empty);

        rig.Agent.Limit(null);

        Assert.That((await rig.WaitForRunAsync(runId, run => run.Ended is not null)).Ended!.Reason, Is.EqualTo(EndReason.Completed));
    }

    /// <summary>26 KiB a file: room for what pyOCD saves of the bootloader, and for some twenty cycles.</summary>
    private static async Task<(int Exit, string Output)> RunLimitedAsync(string temp, params string[] arguments)
    {
        const string Limited = "trap '' XFSZ; ulimit -f 26; exec dotnet \"$@\"";
        var start = new ProcessStartInfo("bash", ["-c", Limited, "bash", Path.Combine(AppContext.BaseDirectory, "hilrig-agent.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = temp;
        // The runtime maps its code through a file larger than the limit otherwise.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, string.Concat(texts));
    }
}
