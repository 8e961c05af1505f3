using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>A server that is allowed to confirm, with an agent and two virtual boards as processes: from a failing run to the reproducer, and nobody touches it.</summary>
public class AutoInvestigateTests
{
    [Test]
    public async Task The_forums_failure_is_followed_to_its_confirmed_reproducer_by_the_server_alone()
    {
        if (!Extent.IsFull)
            Assert.Ignore("takes minutes; ./rig test --full AutoInvestigate runs it, and docs/reliability.md has its figures");
        using var board = await TestBoard.StartAsync("--dcache", "on");
        using var second = await TestBoard.StartAsync("--dcache", "on");
        File.Copy(board.Beside(second, "kv58-u"), board.PlacesFile, overwrite: true);
        await using var rig = await TestRig.StartAsync(board, ["--auto-investigate", "confirm"], []);
        var run = await rig.OrderAsync(await File.ReadAllTextAsync(TestBoard.RepositoryFile("test-suites/sequences/kv58/re-update.yaml")), 25);
        await rig.WaitForRunAsync(run, run => run.Ended is not null, seconds: 300);

        var report = await ReportAsync(rig, TimeSpan.FromMinutes(10));

        Assert.That((report.Blame, report.Arms.Select(arm => arm.Arm)), Is.EqualTo((Layer.Product, new[] { "here", "other-board" })), report.Reason);
        Assert.That(report.Proof, Has.Some.Match("confirmed at 95 %").And.Not.Contain("not confirmed"));
        Assert.That(report.Spent, Is.LessThanOrEqualTo(report.Budget));
        Assert.That(SequenceFile.Parse("r.yaml", report.Reproducer!).Steps.Cast<StepCall>().Select(step => step.Name).Skip(3), Is.EqualTo(new[] { "update", "reset", "update" }));
        TestContext.Out.WriteLine($"{report.Spent} of {report.Budget} cycles beside the arms; {report.Reason}\n{string.Join('\n', report.Proof)}\n{report.Reproducer}");
    }

    private static async Task<InvestigationReport> ReportAsync(TestRig rig, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        InvestigationReport? last = null;
        while (!deadline.IsCancellationRequested)
        {
            last = (await rig.InvestigationsAsync()).FirstOrDefault();
            if (last is { Proof.Count: > 0 })
                return last;
            await Task.Delay(500, CancellationToken.None);
        }
        throw new TimeoutException($"no reproducer within {patience}; last seen: {last}; tried {last?.Tried.Count}\n{rig.Server?.Output}\n{rig.Agent?.Output}");
    }
}
