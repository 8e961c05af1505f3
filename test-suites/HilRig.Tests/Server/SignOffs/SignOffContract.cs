using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.SignOffs;
using HilRig.Server.Storage;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.SignOffs;

/// <summary>What sign-offs, and the audit of them, promise on every database.</summary>
public sealed class SignOffContract(DatabaseKind kind) : DatabaseFixture(kind)
{
    private static readonly SignOffPlan Plan = SignOffPlan.Parse("plan", "release: 2.0.0+1f0c\nlimit: 0.05\nplaces: [kv58-1, kv58-2]\nmix: {re-update: 1}\n");
    private readonly HandClock clock = new(RunScript.Evening.AddMinutes(-5));

    private SignOffStore SignOffs => new(Database, clock);

    [Test]
    public async Task Runs_of_the_plan_count_from_its_registration_on_repetitions_and_investigations_do_not_and_the_first_word_fixes_them()
    {
        var signOff = await SignOffs.RegisterAsync(Plan, "ann", default);
        foreach (var run in new[] { new RunScript("r-early", at: RunScript.Evening.AddHours(-1)), new RunScript("r-1"), new RunScript("r-2", "kv58-2"), new RunScript("r-3", "kv58-3"), new RunScript("auto-f-here"), new RunScript("r-again") })
            await Runs.AppendAsync([run.Cycle().End().Batch()], default);
        await Orders.EnqueueAsync(new("r-again", 0, "kv58-1", "a.yaml", "sequence: a", null, null, 1, 1, null), new(RerunOf: "r-1#5"), "discrimination", RunScript.Evening, default);

        var runs = await SignOffs.ListRunsAsync(signOff, default);
        var names = runs.Select(run => run.RunId).ToList();
        var word = new SignOffApproval("ann", "qa", RunScript.Evening.AddHours(1), "head");
        var given = (await SignOffs.ApproveAsync(signOff, names, word, default), await SignOffs.ApproveAsync(signOff, names, word, default));
        await Runs.AppendAsync([new RunScript("r-later", at: RunScript.Evening.AddHours(2)).Cycle().End().Batch()], default);

        Assert.That(names, Is.EqualTo(new[] { "r-1", "r-2" }));
        Assert.That(runs.All(run => run.HasEnded), Is.True);
        Assert.That(given, Is.EqualTo((true, false)), "one word a person");
        var closed = (await SignOffs.FindOfReleaseAsync("2.0.0+1f0c", default))!;
        Assert.That((await SignOffs.ListRunsAsync(closed, default)).Select(run => run.RunId), Is.EqualTo(names));
        Assert.That(await SignOffs.ListApprovalsAsync(closed.Id, default), Is.EqualTo(new[] { word }));
        Assert.That(await new RetentionStore(Database, new ArtifactStore(Path.GetTempPath()), clock).FindProtectionAsync("r-2", default), Does.StartWith("ann: the sign-off"));
    }

    [Test]
    public async Task A_plan_may_change_until_the_first_sample_and_the_audit_finds_who_did_what_to_it()
    {
        await SignOffs.RegisterAsync(Plan, "ann", default);
        await SignOffs.RegisterAsync(Plan with { Limit = 0.01 }, "bob", default);
        await Runs.AppendAsync([new RunScript("r-1").Cycle().Batch()], default);

        Assert.That(() => SignOffs.RegisterAsync(Plan, "ann", default), Throws.InstanceOf<BadInputException>().With.Message.Contains("`limit` was 0.01 and now is 0.05"));
        Assert.That((await SignOffs.ListAsync(default)).Single(), Has.Property("By").EqualTo("bob"));
        var audit = new Audit(Database);
        Assert.That((await audit.ListAsync(null, "2.0.0+1f0c", long.MaxValue, 10, default)).Select(entry => entry.Who), Is.EqualTo(new[] { "bob", "ann" }));
        Assert.That((await audit.ListAsync("bob", null, long.MaxValue, 10, default)).Single().Action, Is.EqualTo("register sign-off"));
        Assert.That(await audit.ListAsync("bob", "r-1", long.MaxValue, 10, default), Is.Empty);
    }
}
