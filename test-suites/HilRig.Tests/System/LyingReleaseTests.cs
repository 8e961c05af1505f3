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

/// <summary>Twelve releases that lie, each installed by SWD on a virtual board: which view contradicts which, and 0 false contradictions on one that does not.</summary>
public class LyingReleaseTests
{
    private const string Update = "  - update\n  - verify: {by: swd}\n";
    private const string OverApplication = "  - reset: {by: probe}\n";

    private static readonly byte[] Application = FirmwareImage.BuildApplication(1500, 7, "app", dataCache: false);

    private TestBoard board = null!;
    private OpenBench bench = null!;
    private RunImages images = null!;
    private int runs;

    [OneTimeSetUp]
    public async Task StartBoard()
    {
        board = await TestBoard.StartAsync();
        var place = PlacesFile.Load(board.PlacesFile)[0];
        var file = Path.Combine(board.Folder, "app.bin");
        await File.WriteAllBytesAsync(file, Application);
        images = RunImages.Of(CheckedImage.Load(file, place.Board));
        bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);
        await InstallAsync("kboot-2.0.0-stock");
        await RunAsync(Update);
    }

    [OneTimeTearDown]
    public async Task StopBoard()
    {
        await bench.DisposeAsync();
        board.Dispose();
    }

    [TestCase("kboot-2.0.3-early", Update, "verify · compare-swd · said-ok-wrote-wrong")]
    [TestCase("kboot-2.0.3-short", Update, "verify · compare-swd · said-ok-wrote-wrong")]
    [TestCase("kboot-2.0.3-spoilt", Update, "verify · compare-swd · said-ok-wrote-wrong")]
    [TestCase("kboot-2.0.3-repeat", Update, "verify · compare-swd · said-ok-wrote-wrong")]
    [TestCase("kboot-2.0.3-echo", "  - update\n  - verify: {by: bootloader}\n  - verify: {by: swd}\n", "verify · compare-swd · said-ok-wrote-wrong")]
    [TestCase("kboot-2.0.3-scared", Update, "update · write-memory · said-failed-wrote-right 105 kStatus_FlashCommandFailure")]
    [TestCase("kboot-2.0.3-timid", OverApplication + "  - erase-region\n", "erase-region · flash-erase-region · said-failed-wrote-right 105 kStatus_FlashCommandFailure")]
    [TestCase("kboot-2.0.3-lazy", OverApplication + "  - erase-region\n  - verify: {by: swd}\n", "verify · compare-swd · said-erased-did-not")]
    [TestCase("kboot-2.0.3-lazy", OverApplication + Update, "update · write-memory · said-erased-did-not 10203 kStatusMemoryCumulativeWrite")]
    [TestCase("kboot-2.0.3-greedy", "  - update\n  - erase-region: {start: 0x1000C000, length: 0x2000}\n  - verify: {by: swd}\n", "verify · compare-swd · said-ok-wrote-wrong")]
    [TestCase("kboot-2.0.3-meddling", Update, "verify · compare-swd · config-altered")]
    [TestCase("kboot-2.0.3-deaf", "  - reset: {by: bootloader}\n", "reset · reset · said-reset-did-not")]
    [TestCase("kboot-2.0.1-half", OverApplication + Update + "  - verify: {by: bootloader}\n", "verify · compare-bootloader · read-back-differs")]
    public async Task A_lie_is_flagged_by_its_class(string release, string steps, string fingerprint)
    {
        await InstallAsync("kboot-2.0.0-stock");
        await RunAsync(Update);
        await InstallAsync(release);

        var failures = await RunAsync(steps);

        Assert.That(failures.Select(step => Fingerprint.Of(step.Step, step.Failure!).ToString()), Is.EqualTo(new[] { fingerprint }));
        Assert.That((failures[0].Verdict, failures[0].Layer), Is.EqualTo((Verdict.Fail, Layer.Product)), failures[0].Failure!.Message);
        Assert.That(failures[0].Evidence.Where(item => item.Missing is not null), Is.Empty);
    }

    /// <summary>A small image in quick succession; <c>HILRIG_FULL=1</c> makes 20,000 cycles of it.</summary>
    [TestCase("kboot-2.0.0-stock")]
    [TestCase("kboot-2.0.2-fixed")]
    public async Task Clean_cycles_raise_no_contradiction(string release)
    {
        await InstallAsync(release);
        var cycles = Extent.IsFull ? 10_000 : 30;

        var failures = await RunAsync(
            """
              - choose:
                  - reset: {by: bootloader}
                  - reset: {by: probe}
                  - {weight: 6, steps: []}
              - choose:
                  - [erase-region, verify: {by: swd}]
                  - {weight: 4, steps: []}
              - choose:
                  - update
                  - update: {recipe: rig}
              - verify: {by: swd}
              - verify: {by: bootloader}

            """,
            cycles);

        // A machine that stands still for a second makes silence, which accuses nobody; it is counted here and must be rare.
        var undetermined = failures.Where(step => step.Layer == Layer.Undetermined).ToList();
        TestContext.Out.WriteLine($"{release}: {cycles} clean cycles, {failures.Count - undetermined.Count} contradictions, {undetermined.Count} undetermined, {bench.Probe.Restarts} probe restarts");
        Assert.That(failures.Except(undetermined).Select(step => $"cycle {step.Cycle}: {step.Failure!.Message}"), Is.Empty);
        Assert.That(undetermined, Has.Count.LessThanOrEqualTo(cycles / 100), string.Join('\n', undetermined.Select(step => $"cycle {step.Cycle}: {step.Failure!.Message}")));
    }

    /// <summary>The steps that did not pass.</summary>
    private async Task<List<StepEnded>> RunAsync(string steps, int cycles = 1)
    {
        var id = $"r-{++runs}";
        var variants = Variants.Of(SequenceFile.Parse("s.yaml", $"sequence: s\nboard: kv58\nsteps:\n{steps}"));
        var plan = new RunPlan(id, variants, bench.Place, images, cycles, 58, null, new StateFolder(board.Folder));
        var failures = new List<StepEnded>();
        using var journal = RunJournal.Create(board.Folder, id, TimeProvider.System);
        journal.Appended += runEvent =>
        {
            if (runEvent.Body is StepEnded { Failure: not null, Phase: StepPhase.Steps } failed)
                failures.Add(failed);
        };
        await new SequenceRunner(plan, bench, StepBinder.BindAll(variants, bench.Place, images), journal).RunAsync(default);
        return failures;
    }

    private async Task InstallAsync(string name)
    {
        var map = bench.Board.Map;
        await using (var core = await bench.Probe.HaltAsync(default))
        {
            var flash = new FlashController(core, map.Flash.Start, bench.Time);
            for (var sector = map.Flash.Start; sector < map.Bootloader.End; sector += map.SectorSize)
                await flash.EraseSectorAsync(sector, default);
            await flash.ProgramAsync(map.Flash.Start, FirmwareImage.BuildBootloader(Release.All.Concat(Release.Lying).Single(release => release.Name == name).Profile), default);
        }
        await bench.ResetAsync(ResetKind.Probe, default);
        await bench.IdentifyAsync(default);
    }
}
