using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Server;
using HilRig.Tests.Server;
using HilRig.Tests.Server.Webhooks;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary>What brings the record in, takes it out, and tells of it.</summary>
public sealed class RecordCommandTests
{
    private LabHome lab = null!;

    [SetUp]
    public async Task Start() => lab = await LabHome.StartAsync(options => options with { PrivateWebhooks = true });

    [TearDown]
    public async Task Stop() => await lab.DisposeAsync();

    [Test]
    public async Task A_history_comes_in_once_and_its_flags_show()
    {
        var history = lab.PathOf("history.csv");
        await File.WriteAllLinesAsync(history, Histories.Lines());

        Assert.That(await lab.SayAsync(ExitCode.Pass, "import", history, "--begins", "2026-01-21T22:00Z"), Does.Match("^2 runs of 180 steps; [1-9][0-9]* events were new"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "import", history), Does.Contain("; 0 events were new"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "flags"), Does.Contain("update · * · 10203").And.Contain("in R1"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "runs"), Does.Contain("import-"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "import", lab.Write("odd.csv", "row,nicht\n1,2\n")), Does.Contain("odd.csv:1:2: unknown column `nicht`"));
    }

    [Test]
    public async Task A_backup_taken_over_the_network_is_one_that_restore_takes()
    {
        await lab.Server.Service<HilRig.Server.Storage.IngestWriter>().AppendAsync(new RunScript("r-1").Cycle().End().Batch(), default);
        var copy = lab.PathOf("copy");

        Assert.That(await lab.SayAsync(ExitCode.Pass, "backup", copy), Does.Contain("./rig server restore"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "backup", copy), Does.Contain("not empty"));
        using var restoring = Child.Start("hilrig-server", ["restore", copy, "--data", lab.PathOf("restored")]);
        Assert.That(await restoring.ExitAsync(), Is.EqualTo(ExitCode.Pass), restoring.Output);

        await using var restored = await TestServer.StartOnAsync(lab.PathOf("restored"));
        Assert.That((await restored.GetAsync<List<RunSummary>>("/api/v1/runs")).Single().RunId, Is.EqualTo("r-1"));
        Assert.That(Directory.GetDirectories(lab.Server.Directory, ".backup-*"), Is.Empty, "the server keeps no copy");
    }

    [Test]
    public async Task A_webhook_is_added_tested_looked_at_and_removed()
    {
        await using var listener = await HookListener.StartAsync();
        var id = (await lab.SayAsync(ExitCode.Pass, "webhooks", "add", listener.Url.ToString(), "--event", "flag-new")).Split(' ')[0];
        Assert.That(await lab.SayAsync(ExitCode.Pass, "webhooks", "test", id), Does.Contain("is on its way"));
        await listener.NextAsync();

        Assert.That(await lab.SayAsync(ExitCode.Pass, "webhooks", "list"), Does.Contain(id).And.Contain("flag-new"));
        using var log = JsonDocument.Parse(await lab.SayAsync(ExitCode.Pass, "webhooks", "deliveries", id, "--json"));
        Assert.That(log.RootElement[0].GetProperty("event").GetString(), Is.EqualTo("test"));
        await lab.SayAsync(ExitCode.Pass, "webhooks", "remove", id);
        Assert.That(await lab.SayAsync(ExitCode.Pass, "webhooks", "list"), Does.Contain("nobody is told anything"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "webhooks", "add", "https://x.example", "--event", "rain"), Does.Contain("events: `rain` is not known"));
    }
}
