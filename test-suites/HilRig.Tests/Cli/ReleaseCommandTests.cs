using HilRig.Model;
using HilRig.Server.Security;
using HilRig.Tests.Server;
using HilRig.Tests.Server.Security;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary>A release's sign-off at the server, by the command line: plan, bound, two people's word, dossier.</summary>
public sealed class ReleaseCommandTests
{
    private const string Release = "2.0.0+1f0c";
    private LabHome lab = null!;

    [SetUp]
    public async Task Start()
    {
        lab = await LabHome.StartAsync();
        await lab.Server.AddPersonAsync("ann", Role.Qa);
        await lab.Server.AddPersonAsync("bob", Role.Qa);
    }

    [TearDown]
    public async Task Stop() => await lab.DisposeAsync();

    [Test]
    public async Task A_plan_becomes_a_dossier_that_two_people_gave_their_word_for()
    {
        var plan = lab.Write("plan.yaml", $"release: {Release}\nlimit: 0.2\nconfidence: 0.9\nplaces: [kv58-1]\nmix: {{re-update: 1}}\n");
        await SignInAsync("ann");
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "releases", "show", Release), Does.Contain("has no sign-off here; there is none yet"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "releases", "plan", plan), Does.Contain($"{Release}: running: 0 of"));
        Assert.That(await lab.SayAsync(ExitCode.Undetermined, "releases", "show", Release), Does.Contain("missing"));
        var run = new RunScript("r-clean", cycles: 12, at: TimeProvider.System.GetUtcNow().AddSeconds(1)).Cycles(12);
        await lab.Server.StoreAsync(run.End());

        var shown = await ReachedAsync();
        var head = shown.Split("head", StringSplitOptions.TrimEntries)[^1].Split('\n')[0];
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "releases", "approve", Release, "--head", "00000000"), Does.Contain(head).And.Contain("changed since you read them"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "releases", "approve", Release, "--head", head[..8]), Does.Contain("approved by 1 of 2"));
        await SignInAsync("bob");
        Assert.That(await lab.SayAsync(ExitCode.Pass, "releases", "approve", Release, "--head", head), Does.Contain("approved by ann and bob"));

        var dossier = lab.PathOf("dossier.zip");
        Assert.That(await lab.SayAsync(ExitCode.Pass, "releases", "dossier", Release, "--out", dossier), Does.Contain($"{dossier}: "));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "verify", dossier), Does.Contain(head));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "releases", "plan", lab.PathOf("none.yaml")), Does.Contain("none.yaml: cannot be read"));
    }

    /// <summary>A sign-off is counted again when its count is some seconds old.</summary>
    private async Task<string> ReachedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var show = lab.Start("releases", "show", Release);
            if (await show.ExitAsync() == ExitCode.Pass)
                return show.Output;
            await Task.Delay(500, patience.Token);
        }
    }

    private async Task SignInAsync(string name) =>
        await lab.SayAsync(ExitCode.Pass, "login", lab.Server.Url.ToString(), "--name", name, "--password-file", lab.Write("password", Accounts.Password));
}
