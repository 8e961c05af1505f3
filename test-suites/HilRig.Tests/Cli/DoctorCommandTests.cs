using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary><c>hilrig doctor</c> against a server that is well, one where much is wrong, and one that is not there.</summary>
public sealed class DoctorCommandTests
{
    [Test]
    public async Task A_server_that_is_well_is_called_so()
    {
        await using var lab = await LabHome.StartAsync();
        await using var agent = await TestAgent.ArriveAsync(lab.Server, ["kv58-1"]);

        var findings = await CheckAsync(lab, ExitCode.Pass);

        Assert.That(findings.Where(finding => finding.Health is not Health.Well).Select(finding => finding.InWords), Is.Empty);
        Assert.That(findings.Select(finding => finding.Subject), Is.EqualTo(new[] { "server", "clock", "data", "disk", "database", "doors", "agents" }));
        Assert.That(findings.Single(finding => finding.Subject == "database").Observation, Does.StartWith("SQLite, schema "));
    }

    [Test]
    public async Task A_full_disk_a_skewed_clock_and_a_lab_without_agents_are_told_with_their_remedies()
    {
        var clock = new HandClock();
        // What an answer takes to arrive, up to 0.9 s, is rounded away.
        clock.Move(TimeSpan.FromSeconds(180.4));
        await using var lab = await LabHome.StartAsync(options => options with { FreeBytes = _ => 1 << 20, Time = clock });

        var findings = await CheckAsync(lab, ExitCode.RigError);

        var ill = findings.Where(finding => finding.Health is not Health.Well).ToDictionary(finding => finding.Subject);
        Assert.That(ill.Keys, Is.EquivalentTo(new[] { "clock", "disk", "agents" }));
        Assert.That(ill["disk"].Health, Is.EqualTo(Health.Broken));
        Assert.That(ill["clock"].Observation, Is.EqualTo("180 s away from this machine's"));
        Assert.That(ill.Values.Select(finding => finding.Remedy), Has.None.Null);
    }

    [Test]
    public async Task A_server_that_is_not_there_is_a_finding_and_no_accident()
    {
        await using var lab = await LabHome.StartAsync();
        var output = await lab.SayAsync(ExitCode.RigError, "doctor", "--server", "http://127.0.0.1:9");
        Assert.That(output, Does.StartWith("✕ broken").And.Contain("cannot be reached").And.Contain("→ start it"));
    }

    private static async Task<List<Finding>> CheckAsync(LabHome lab, int exitCode) =>
        JsonSerializer.Deserialize<List<Finding>>(await lab.SayAsync(exitCode, "doctor", "--json"), RunJson.Options)!;
}
