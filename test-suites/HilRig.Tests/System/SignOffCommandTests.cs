using HilRig.Model.Runs;
using HilRig.Tests.Analysis.SignOff;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>A sign-off by the operator's command, from the plan to the dossier that somebody else verifies.</summary>
public class SignOffCommandTests
{
    private const string Plan = "release: kboot-2.0\nlimit: 0.02\nplaces: [kv58-1, kv58-2]\nmix: {re-update: 0.5}\n";

    [Test]
    public async Task A_plan_is_registered_met_approved_by_two_people_and_verified_elsewhere()
    {
        using var folder = new SignOffSandbox(Plan);
        Assert.That((await folder.RunAsync("register", folder.Plan)).Output, Does.Contain("149 cycles"));
        folder.AddRun("1.jsonl", SignOffRuns.Run("kv58-1", SignOffRuns.Passes(75)));
        Assert.That((await folder.RunAsync("status")).Exit, Is.EqualTo(4), "open is undetermined");
        folder.AddRun("2.jsonl", SignOffRuns.Run("kv58-2", SignOffRuns.Passes(75)));
        var (met, status) = await folder.RunAsync("status", "--plan", folder.Plan);
        Assert.That(met, Is.Zero, status);
        Assert.That(status, Does.Contain("met: 0 failures in 150 cycles of 149"));

        Assert.That((await folder.RunAsync("approve", "--name", "K. Meier")).Output, Does.Contain("approved by 1 of 2 people"));
        Assert.That((await folder.RunAsync("approve", "--name", "A. Sato")).Output, Does.Contain("approved by two people"));
        Assert.That((await folder.RunAsync("dossier", "--out", folder.Dossier)).Exit, Is.Zero);
        Assert.That(await folder.VerifyAsync(), Is.EqualTo(0));

        var bytes = await File.ReadAllBytesAsync(folder.Dossier);
        bytes[bytes.Length / 3] ^= 1;
        await File.WriteAllBytesAsync(folder.Dossier, bytes);
        Assert.That(await folder.VerifyAsync(), Is.EqualTo(1), "one bit was changed");
        await File.WriteAllTextAsync(folder.Dossier, "no zip");
        Assert.That(await folder.VerifyAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_plan_that_changed_after_the_first_sample_is_refused_by_field()
    {
        using var folder = new SignOffSandbox(Plan);
        await folder.RunAsync("register", folder.Plan);
        await File.WriteAllTextAsync(folder.Plan, Plan.Replace("0.02", "0.03", StringComparison.Ordinal));
        Assert.That((await folder.RunAsync("register", folder.Plan)).Exit, Is.Zero, "before the first sample it may change");
        folder.AddRun("1.jsonl", SignOffRuns.Run("kv58-1", Verdict.Pass));
        await File.WriteAllTextAsync(folder.Plan, Plan.Replace("0.02", "0.05", StringComparison.Ordinal));

        await RefusedAsync(folder, "`limit` was 0.03 and now is 0.05");
        await File.WriteAllTextAsync(folder.Plan, Plan.Replace("0.02", "0.03", StringComparison.Ordinal) + "voiding: [rig-1]\n");
        await RefusedAsync(folder, "`voiding` was [");
    }

    private static async Task RefusedAsync(SignOffSandbox folder, string field)
    {
        foreach (var verb in new[] { new[] { "register", folder.Plan }, ["status", "--plan", folder.Plan] })
        {
            var (exit, output) = await folder.RunAsync(verb[0], verb[1..]);
            Assert.That(exit, Is.EqualTo(2));
            Assert.That(output, Does.Contain($"the plan changed after the first sample: {field}"));
        }
    }
}
