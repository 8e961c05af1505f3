using System.Text.Json;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Doctor;

/// <summary><c>agent doctor</c> on a bench that is well and on one where everything is wrong.</summary>
public class DoctorTests
{
    [Test]
    public async Task A_bench_that_is_well_is_called_so_and_nothing_is_changed_on_its_board()
    {
        using var board = await TestBoard.StartAsync();

        var (exit, findings) = await CheckAsync(board, "--data", Path.Combine(board.Folder, "data"));

        Assert.That(findings.Where(finding => finding.Health != "well"), Is.Empty);
        Assert.That(exit, Is.Zero);
        Assert.That(findings.Select(finding => finding.Subject), Is.EqualTo(new[]
        {
            "pyocd", "packages", "children", "disk", "kv58-t serial", "kv58-t power", "kv58-t probe",
        }));
        Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(board.Folder, "data")), Is.Empty, "the trial file is gone");
    }

    [Test]
    public async Task Each_broken_thing_is_named_with_its_remedy_and_the_others_are_still_looked_at()
    {
        using var board = await TestBoard.StartAsync();
        var places = await File.ReadAllTextAsync(board.PlacesFile);
        await File.WriteAllTextAsync(board.PlacesFile, places.Replace(board.Serial, "/dev/ttyMissing7", StringComparison.Ordinal));

        var (exit, findings) = await CheckAsync(board, "--data", "/proc/hilrig", "--server", "http://127.0.0.1:9");

        Assert.That(exit, Is.EqualTo(3));
        Assert.That(findings.Where(finding => finding.Health == "broken").Select(finding => finding.Subject), Is.EqualTo(new[] { "disk", "server", "kv58-t serial" }));
        Assert.That(findings.Where(finding => finding.Health == "broken").Select(finding => finding.Remedy), Has.None.Null);
        Assert.That(findings.Single(finding => finding.Subject == "kv58-t serial").Observation, Is.EqualTo("/dev/ttyMissing7 does not exist"));
        Assert.That(findings.Single(finding => finding.Subject == "kv58-t probe").Health, Is.EqualTo("well"), "one fault does not hide the rest");
    }

    private static async Task<(int Exit, List<Line> Findings)> CheckAsync(TestBoard board, params string[] arguments)
    {
        using var agent = Child.Start("hilrig-agent", ["doctor", "--json", "--places", board.PlacesFile, .. arguments]);
        var exit = await agent.ExitAsync();
        var lines = agent.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (exit, [.. lines.Select(line => JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)!)]);
    }

    private sealed record Line(string Subject, string Health, string Observation, string? Remedy);
}
