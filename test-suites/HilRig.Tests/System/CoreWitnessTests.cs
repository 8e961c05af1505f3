using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using NUnit.Framework;
using OpenBench = HilRig.Agent.Places.Bench;

namespace HilRig.Tests.SystemTests;

/// <summary>What SWD says of a core that runs, stands, hangs in a fault handler or starts for ever, on a virtual board.</summary>
public class CoreWitnessTests
{
    private TestBoard board = null!;
    private OpenBench bench = null!;

    [OneTimeSetUp]
    public async Task StartBoard()
    {
        board = await TestBoard.StartAsync("--dcache", "off");
        bench = await OpenBench.OpenAsync(PlacesFile.Load(board.PlacesFile)[0], null, TimeProvider.System, default);
    }

    [OneTimeTearDown]
    public async Task StopBoard()
    {
        await bench.DisposeAsync();
        board.Dispose();
    }

    [Test]
    public async Task Running_held_faulted_and_blank_are_told_apart()
    {
        await ExpectAsync(CoreState.Alive, "alive, last at 0x");
        await using (await bench.Probe.HaltAsync(default))
            await ExpectAsync(CoreState.Halted, "halted");

        await EraseAsync(bench.Board.Map.Flash.Start + bench.Board.Map.SectorSize);
        await ExpectAsync(CoreState.Stuck, "in the handler of exception 3 at 4 looks");

        await EraseAsync(bench.Board.Map.Flash.Start);
        await ExpectAsync(CoreState.ResetLoop, "reset between");
    }

    private async Task ExpectAsync(CoreState state, string words)
    {
        var seen = await CoreWitness.WatchAsync(bench, default);

        Assert.That(seen.State, Is.EqualTo(state), seen.Words);
        Assert.That(seen.Words, Does.Contain(words));
    }

    private async Task EraseAsync(uint sector)
    {
        await using (var core = await bench.Probe.HaltAsync(default))
        {
            var map = bench.Board.Map;
            var flash = new FlashController(core, map.Flash.Start, bench.Time);
            await flash.EraseSectorAsync(sector, default);
            // An erased configuration field would secure the part at its next reset.
            var open = Enumerable.Repeat((byte)0xFF, 32).ToArray();
            open[0x0C] = 0xFE;
            if (sector == map.Flash.Start)
                await flash.ProgramAsync(map.ConfigurationField.Start, open, default);
        }
        await bench.Probe.ResetAsync(ProbeReset.System, default);
    }
}
