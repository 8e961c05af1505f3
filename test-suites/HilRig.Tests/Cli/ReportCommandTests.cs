using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary><c>hilrig report</c> as a process against a real server.</summary>
public sealed class ReportCommandTests
{
    private LabHome lab = null!;

    [SetUp]
    public async Task Start() => lab = await LabHome.StartAsync();

    [TearDown]
    public async Task Stop() => await lab.DisposeAsync();

    [Test]
    public async Task A_night_is_told_with_its_flags_triggers_hands_and_what_the_rig_cost()
    {
        await lab.Server.StoreAsync(SampleNight.Night());
        await lab.Server.StoreAsync(new RunScript("r-lost", "kv58-4", at: RunScript.Evening.AddHours(1)).Cycle().End(EndReason.RigLost, "no such device"));
        await lab.Server.StoreAsync(new RunScript("r-next", "kv58-4", at: RunScript.Evening.AddHours(3)).Cycle().End());
        await using var agent = await TestAgent.ArriveAsync(lab.Server, ["kv58-1", "kv58-2"]);
        await agent.AnnounceAsync(new PlaceInfo("kv58-2", "kv58", [], "its board did not come back"));

        var told = await lab.SayAsync(ExitCode.Pass, "report", "--night", "2026-01-21", "--zone", "UTC");

        Assert.That(told, Does.Contain("Night of 2026-01-21: 6 runs on 4 boards").And.Contain("from 2026-01-21 12:00 +00:00 to 2026-01-22 12:00 +00:00, UTC"));
        Assert.That(told, Does.Contain("New flags:\n  Conditional: update · write-memory · 10203").And.Match(@"10203 on update: \d+ of \d+ when .+, 0 of \d+ otherwise"));
        Assert.That(told, Does.Contain("kv58-2: its board did not come back").And.Contain("unwedge --place kv58-2"));
        Assert.That(told, Does.Match(@"1:59:5\d  kv58-4: rig lost: no such device \(r-lost\)"));
        Assert.That(told, Does.Contain("Goals: none"));
    }

    [Test]
    public async Task An_empty_night_says_so_and_a_day_that_is_none_is_refused()
    {
        using var json = JsonDocument.Parse(await lab.SayAsync(ExitCode.Pass, "report", "--night", "2026-01-19", "--zone", "Europe/Berlin", "--json"));

        Assert.That((json.RootElement.GetProperty("runs").GetInt32(), json.RootElement.GetProperty("zone").GetString()), Is.EqualTo((0, "Europe/Berlin")));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "report"), Does.Contain("0 runs on 0 boards").And.Contain("What ran: none"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "report", "--night", "soon"), Does.Contain("date: `soon` is no day; 2026-01-21 is one"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "report", "--zone", "Moon"), Does.Contain("zone: there is no time zone `Moon`"));
    }
}
