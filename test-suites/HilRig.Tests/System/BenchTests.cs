using HilRig.Agent;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;
using OpenBench = HilRig.Agent.Places.Bench;

namespace HilRig.Tests.SystemTests;

/// <summary>The bench and the runner in this process, on a virtual board: what a stop or a failure may leave behind.</summary>
public class BenchTests
{
    private const uint Dhcsr = 0xE000EDF0;
    private const uint HaltedBit = 1u << 17;

    private TestBoard board = null!;
    private Place place = null!;

    [OneTimeSetUp]
    public async Task StartBoard()
    {
        board = await TestBoard.StartAsync("--dcache", "off");
        place = PlacesFile.Load(board.PlacesFile)[0];
    }

    [OneTimeTearDown]
    public void StopBoard() => board.Dispose();

    [Test]
    public async Task A_stop_while_a_step_fails_keeps_the_failure_and_its_evidence_and_runs_the_cleanup()
    {
        await using var bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);
        using var stop = new CancellationTokenSource();
        using var journal = RunJournal.Create(board.Folder, "r-stop", TimeProvider.System);
        var variants = Variants.Of(SequenceFile.Parse("s.yaml", "sequence: s\nboard: kv58\nsteps: [ping]\ncleanup: [ping]"));
        var steps = new Dictionary<StepCall, BoundStep>(ReferenceEqualityComparer.Instance as IEqualityComparer<StepCall>)
        {
            [(StepCall)variants.Usual.Steps[0]] = new("ping", "", new StoppedWhileFailing(stop)),
            [(StepCall)variants.Usual.Cleanup[0]] = new("ping", "", new PingStep()),
        };

        var verdict = await new SequenceRunner(new RunPlan("r-stop", variants, place, RunImages.None, 9, 1, null, new StateFolder(board.Folder)), bench, steps, journal).RunAsync(stop.Token);

        var events = journal.ReadAfter(0, 100).Select(runEvent => runEvent.Body).ToList();
        var failed = events.OfType<StepEnded>().First();
        Assert.That((verdict, failed.Verdict), Is.EqualTo((Verdict.Aborted, Verdict.Inconclusive)));
        Assert.That(
            failed.Evidence.Select(item => item.Kind),
            Is.EqualTo(new[]
            {
                EvidenceKinds.LinkTrace, EvidenceKinds.LinkCapture, EvidenceKinds.Claims, EvidenceKinds.BenchTrace, EvidenceKinds.SerialCounters, EvidenceKinds.Witnesses, EvidenceKinds.Supply, EvidenceKinds.DebugPort,
                EvidenceKinds.Registers, EvidenceKinds.CoreRegisters, EvidenceKinds.Views, EvidenceKinds.Properties,
            }),
            "first what is only remembered; the bootloader speaks last");
        Assert.That(failed.Evidence.Where(item => item.Missing is not null), Is.Empty);
        Assert.That(failed.Measurements["packets"], Is.Zero, "the evidence's own packets are not the step's");
        Assert.That(events.OfType<StepEnded>().Last().Phase, Is.EqualTo(StepPhase.Cleanup));
        Assert.That(events[^1], Is.InstanceOf<RunEnded>().With.Property("Reason").EqualTo(EndReason.Aborted));
    }

    [Test]
    public async Task A_power_cycle_that_is_stopped_half_way_leaves_the_board_with_power()
    {
        await using var bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);
        using var stop = new CancellationTokenSource();

        var reset = bench.ResetAsync(ResetKind.Power, stop.Token);
        var witness = new ScpiSupply(place.Name, place.Power!.ScpiAddress!);
        while (!reset.IsCompleted && await witness.MeasureVoltsAsync(default) > 0.5)
        {
            // Until it is off; the switch itself waits for that too.
        }
        await stop.CancelAsync();

        Assert.That(async () => await reset, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await bench.Power!.MeasureVoltsAsync(default), Is.GreaterThan(1.7));
        Assert.That(bench.History.IsResetOpen, Is.True);
    }

    [Test]
    public async Task An_erase_that_touches_neither_vectors_nor_image_leaves_the_application_known()
    {
        await using var bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);
        await bench.IdentifyAsync(default);
        bench.History.Left(FlashContent.Application);
        var map = bench.Board.Map;

        await new EraseRegionStep((uint)(map.Flash.End - 0x2000), 0x2000).ExecuteAsync(bench, default);

        Assert.That((bench.History.AppNow, bench.History.Written), Is.EqualTo((FlashContent.Application, FlashContent.Application)));
    }

    [Test]
    public async Task Erased_vectors_alone_do_not_make_the_rest_of_a_larger_image_expected_blank()
    {
        var map = place.Board.Map;
        var image = new Image("large.bin", [new ImageSegment(map.ApplicationAddress, new byte[0x5000])]);
        await using var bench = await OpenBench.OpenAsync(place, image, TimeProvider.System, default);
        await bench.IdentifyAsync(default);

        await new EraseRegionStep(map.ApplicationAddress, 0x2000).ExecuteAsync(bench, default);

        Assert.That((bench.History.AppNow, bench.History.Written), Is.EqualTo((FlashContent.Blank, FlashContent.Partial)));
    }

    [Test]
    public async Task A_core_whose_registers_were_being_read_runs_on_whenever_the_reading_is_stopped()
    {
        foreach (var milliseconds in new[] { 2, 5, 9 })
        {
            await using (var probe = new PyOcdProbe(place.Probe))
            {
                await probe.ConnectAsync(default);
                using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds));
                try
                {
                    await probe.ReadCoreRegistersAsync(["pc", "sp"], stop.Token);
                }
                catch (OperationCanceledException)
                {
                    // What is wanted.
                }
            }
            await using var witness = new PyOcdProbe(place.Probe);
            Assert.That(await witness.ReadWordAsync(Dhcsr, default) & HaltedBit, Is.Zero, $"stopped after {milliseconds} ms");
        }
    }

    [Test]
    public async Task A_session_that_missed_a_deadline_is_not_asked_again()
    {
        await using var session = await PyOcdSession.StartAsync(place.Probe, ConnectMode.Attach, null, default);
        Assert.That(async () => await session.RunAsync("sleep 1500", TimeSpan.FromMilliseconds(100), default), Throws.TypeOf<ProbeException>());

        Assert.That(async () => await session.RunAsync("status", TimeSpan.FromSeconds(10), default), Throws.TypeOf<ProbeException>().With.Message.Contains("failed before"));
    }

    [Test]
    public async Task Temporary_folders_may_have_spaces_and_are_swept_of_what_a_killed_agent_left()
    {
        var temp = Directory.CreateDirectory(Path.Combine(board.Folder, "a b")).FullName;
        var left = Directory.CreateDirectory(Path.Combine(temp, "hilrig-pyocd-999999999-x")).FullName;
        var sequence = board.WriteSequence("sequence: s\nboard: kv58\nsteps: [erase-all, verify: {by: swd}]");
        var image = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

        using var agent = Child.Start("hilrig-agent", new Dictionary<string, string?> { ["TMPDIR"] = temp },
            ["run", sequence, "--place", place.Name, "--places", board.PlacesFile, "--image", image, "--data", board.Folder]);

        Assert.That(await agent.ExitAsync(), Is.Zero, agent.Output);
        Assert.That(Directory.Exists(left), Is.False);
        Assert.That(Directory.GetDirectories(temp, "hilrig-*"), Is.Empty);
    }

    /// <summary>Fails for a reason of its own at the moment in which somebody presses Ctrl+C.</summary>
    private sealed record StoppedWhileFailing(CancellationTokenSource Stop) : IStep
    {
        public async Task ExecuteAsync(OpenBench bench, CancellationToken cancellationToken)
        {
            bench.Touched = AddressRange.Of(bench.Board.Map.ApplicationAddress, 64);
            await Stop.CancelAsync();
            throw new LinkSilenceException("ping", TimeSpan.FromSeconds(1), 0);
        }
    }
}
