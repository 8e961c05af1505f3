using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Running;
using HilRig.Model.Runs;
using NUnit.Framework;
using OpenBench = HilRig.Agent.Places.Bench;

namespace HilRig.Tests.SystemTests;

/// <summary>Cuts by a switch that measures nothing, on a virtual board: only the probe can say whether the board lost its power.</summary>
public class UnmeasuredCutTests
{
    private TestBoard board = null!;

    [OneTimeSetUp]
    public async Task StartBoard() => board = await TestBoard.StartAsync("--dcache", "off");

    [OneTimeTearDown]
    public void StopBoard() => board.Dispose();

    [Test]
    public async Task The_probe_proves_a_cut_that_nothing_measures()
    {
        await using var bench = await OpenBench.OpenAsync(PlaceWith($"exec 3<>/dev/tcp/{Endpoint}; printf 'OUTP %s\\nOUTP?\\n' \"$1\" >&3; read -r answer <&3"), null, TimeProvider.System, default);
        await bench.IdentifyAsync(default);

        await bench.ResetAsync(ResetKind.Power, default);

        Assert.That((bench.History.IsResetOpen, bench.Probe.Restarts), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task A_cut_that_nothing_shows_is_not_performed_and_no_sample_of_the_board()
    {
        await using var bench = await OpenBench.OpenAsync(PlaceWith("true"), null, TimeProvider.System, default);
        await bench.IdentifyAsync(default);

        var thrown = await Assert.ThrowsAsync<CutNotPerformedException>(() => bench.ResetAsync(ResetKind.Power, default));

        Assert.That(thrown!.Message, Does.Contain("it measures nothing, and probe").And.Contain("still sees the chip"));
        var judgement = Judgement.Of(thrown, WitnessReport.NotAsked);
        Assert.That((judgement.Verdict, judgement.Layer, judgement.Failure.Code), Is.EqualTo((Verdict.Error, Layer.Rig, "cut-not-performed")));
    }

    private string Endpoint => PlacesFile.Load(board.PlacesFile)[0].Power!.ScpiAddress!.Replace(':', '/');

    /// <summary>The board's place with a script for its power switch.</summary>
    private Place PlaceWith(string script)
    {
        var path = Path.Combine(board.Folder, "switch.sh");
        File.WriteAllText(path, script + "\n");
        var file = Path.Combine(board.Folder, "scripted.yaml");
        File.WriteAllLines(file, File.ReadLines(board.PlacesFile).Select(line =>
            line.Contains("power:", StringComparison.Ordinal) ? $"    power: {{command: [bash, \"{path}\", \"{{state}}\"], states: {{on: ON, off: OFF}}}}" : line));
        return PlacesFile.Load(file)[0];
    }
}
