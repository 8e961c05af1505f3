using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using HilRig.VirtualBoard.Bootloader;
using NUnit.Framework;
using OpenBench = HilRig.Agent.Places.Bench;

namespace HilRig.Tests.SystemTests;

/// <summary>A board that loses its bootloader in mid-run: witnesses, ladder, marker, and the proof that clears it.</summary>
public class WedgedBoardTests
{
    [Test]
    public async Task A_board_that_does_not_come_back_is_marked_and_refused_until_it_is_proven()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        board.ListensFor("2s");
        var place = PlacesFile.Load(board.PlacesFile)[0];
        var events = await RunAsync(board, place);

        var failed = events.OfType<StepEnded>().First();
        Assert.That((failed.Verdict, failed.Layer, failed.Failure!.Code), Is.EqualTo((Verdict.Fail, Layer.Product, "reset-loop")), failed.Failure.Message);
        Assert.That(
            events.OfType<StepEnded>().Where(step => step.Phase == StepPhase.Recovery).Select(step => $"{step.Step} {step.Arguments}".Trim()),
            Is.EqualTo(new[] { "ping", "resynchronise", "reset by=probe", "reset by=power" }));
        Assert.That(events[^1], Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.BoardWedged));
        var marker = new WedgeMarkers(new StateFolder(board.Folder).Wedged).Find(board.Place);
        Assert.That(marker, Is.Not.Null.And.Property("RunId").EqualTo("r-wedge").And.Property("BoardId").EqualTo(events.OfType<RunStarted>().Single().BoardId));

        var ping = board.WriteSequence("sequence: s\nboard: kv58\nsteps: [ping]\n");
        Assert.That(await AgentAsync(board, "run", ping), Is.EqualTo((3, true)), "a wedged place takes no run");

        await InstallAsync(place);
        var unfit = board.WriteSequence("sequence: s\nboard: kv58\nsteps:\n  - read-property: {property: crc-check-status}\n");
        Assert.That((await AgentAsync(board, "unwedge", "--sequence", unfit)).Exit, Is.EqualTo(4), "one board cannot say whether the sequence asks for too much or the release has too little: no proof");
        Assert.That((await AgentAsync(board, "run", ping)).Exit, Is.EqualTo(3), "the marker stands");
        Assert.That((await AgentAsync(board, "unwedge")).Exit, Is.Zero);
        ping = board.WriteSequence("sequence: s\nboard: kv58\nsteps: [ping]\n");
        Assert.That((await AgentAsync(board, "run", ping)).Exit, Is.Zero);
    }

    [TestCase(1, "Pass")]
    [TestCase(0, "kept-for-study")]
    public async Task A_known_good_release_ends_the_run_and_leaves_no_marker_unless_the_part_is_worth_a_study(int firstErasedSector, string expected)
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        board.ListensFor("2s");
        board.OfferReleases();
        File.AppendAllText(board.PlacesFile, "    known-good: kboot-2.0.0-stock.bin\n");

        var events = await RunAsync(board, PlacesFile.Load(board.PlacesFile)[0], firstErasedSector);

        var rung = events.OfType<StepEnded>().Last(step => step.Phase == StepPhase.Recovery);
        Assert.That((rung.Step, rung.Failure?.Code ?? $"{rung.Verdict}"), Is.EqualTo(("install-release", expected)), rung.Failure?.Message);
        Assert.That(events[^1], Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.BoardWedged));
        var isMarked = new WedgeMarkers(new StateFolder(board.Folder).Wedged).Find(board.Place) is not null;
        Assert.That(isMarked, Is.EqualTo(expected != "Pass"), ((RunEnded)events[^1]).Message);
    }

    [Test]
    public void The_rigs_own_failure_says_nothing_of_the_board()
    {
        var silent = Rung(Layer.Undetermined);
        var broken = Rung(Layer.Rig);

        Assert.That(RecoveryLadder.Conclude([silent, silent]), Is.EqualTo(EndReason.BoardWedged));
        Assert.That(RecoveryLadder.Conclude([broken, silent]), Is.EqualTo(EndReason.BoardWedged));
        Assert.That(RecoveryLadder.Conclude([silent, broken]), Is.EqualTo(EndReason.RigLost));
        Assert.That(RecoveryLadder.Conclude([]), Is.EqualTo(EndReason.RigLost));
    }

    private static async Task<List<RunEventBody>> RunAsync(TestBoard board, Place place, int firstErasedSector = 0)
    {
        using var journal = RunJournal.Create(board.Folder, "r-wedge", TimeProvider.System);
        var variants = Variants.Of(SequenceFile.Parse("s.yaml", "sequence: s\nboard: kv58\nsteps: [ping]"));
        var steps = new Dictionary<StepCall, BoundStep>(ReferenceEqualityComparer.Instance as IEqualityComparer<StepCall>) { [(StepCall)variants.Usual.Steps[0]] = new("ping", "", new LoseBootloader(firstErasedSector)) };
        await using var bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);
        var identity = await bench.IdentifyAsync(default);
        journal.Append(new RunStarted("s", "", "r", "", place.Name, "kv58", identity.BoardId, "a", "", "", 9, 1, Versions.Present));
        await new SequenceRunner(new RunPlan("r-wedge", variants, place, RunImages.None, 9, 1, null, new StateFolder(board.Folder)), bench, steps, journal).RunAsync(default);
        return [.. journal.ReadAfter(0, 1000).Select(runEvent => runEvent.Body)];
    }

    private static async Task<(int Exit, bool SaysHow)> AgentAsync(TestBoard board, string verb, params string[] options)
    {
        using var agent = Child.Start("hilrig-agent", [verb, "--place", board.Place, "--places", board.PlacesFile, "--data", board.Folder, .. options]);
        var exit = await agent.ExitAsync(TimeSpan.FromMinutes(2));
        return (exit, agent.Output.Contains("prove it with `./rig agent unwedge", StringComparison.Ordinal));
    }

    /// <summary>As a person would, from outside: the release back into flash by SWD.</summary>
    private static async Task InstallAsync(Place place)
    {
        await using var probe = new PyOcdProbe(place.Probe);
        await using var core = await probe.HaltAsync(default);
        await new FlashController(core, place.Board.Map.Flash.Start, TimeProvider.System)
            .ProgramAsync(place.Board.Map.Flash.Start, FirmwareImage.BuildBootloader(Release.Default(dataCache: false)), default);
        await probe.ResetAsync(ProbeReset.System, default);
    }

    private static StepEnded Rung(Layer layer) => new(1, 0, StepPhase.Recovery, "ping", "", Verdict.Fail, layer, null, 0, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []);

    /// <summary>Erases the bootloader under its own feet, over SWD, and asks it something.</summary>
    private sealed record LoseBootloader(int FirstErasedSector) : IStep
    {
        public async Task ExecuteAsync(OpenBench bench, CancellationToken cancellationToken)
        {
            var map = bench.Board.Map;
            await using (var core = await bench.Probe.HaltAsync(cancellationToken))
            {
                var flash = new FlashController(core, map.Flash.Start, bench.Time);
                for (var sector = map.Flash.Start + ((uint)FirstErasedSector * map.SectorSize); sector < map.Bootloader.End; sector += map.SectorSize)
                    await flash.EraseSectorAsync(sector, cancellationToken);
                if (FirstErasedSector == 0)
                    await OpenAsync(flash, map.ConfigurationField.Start, cancellationToken);
            }
            await bench.Probe.ResetAsync(ProbeReset.System, cancellationToken);
            await bench.Bootloader.PingAsync(cancellationToken);
        }

        /// <summary>An erased configuration field would secure the part at its next reset.</summary>
        private static Task OpenAsync(FlashController flash, uint configurationField, CancellationToken cancellationToken)
        {
            var open = Enumerable.Repeat((byte)0xFF, 32).ToArray();
            open[0x0C] = 0xFE;
            return flash.ProgramAsync(configurationField, open, cancellationToken);
        }
    }
}
