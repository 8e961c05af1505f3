using System.Net;
using System.Net.Sockets;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Running;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;
using OpenBench = HilRig.Agent.Places.Bench;

namespace HilRig.Tests.SystemTests;

/// <summary>What a run leaves behind, and that it ends at all, whatever its steps do.</summary>
public class RunnerSafetyTests
{
    private TestBoard board = null!;
    private Place place = null!;

    [OneTimeSetUp]
    public async Task StartBoard()
    {
        board = await TestBoard.StartAsync("pin", ["--dcache", "off"]);
        place = PlacesFile.Load(board.PlacesFile)[0];
    }

    [OneTimeTearDown]
    public void StopBoard() => board.Dispose();

    [Test]
    public async Task A_step_that_never_ends_is_ended_by_its_deadline_and_the_rig_is_to_blame()
    {
        await using var bench = await OpenBench.OpenAsync(place, null, new HurriedTime(), default);

        var (verdict, events) = await RunAsync(bench, "steps: [ping]\ncleanup: [ping]", ("steps", new Endless(TimeSpan.Zero)));

        var ended = events.OfType<StepEnded>().First(step => step.Phase == StepPhase.Steps);
        Assert.That((verdict, ended.Verdict, ended.Layer), Is.EqualTo((Verdict.Error, Verdict.Error, Layer.Rig)));
        Assert.That(ended.Failure!.Message, Does.StartWith("`ping` did not end within 30 min"));
        Assert.That(events.OfType<StepEnded>().Single(step => step.Phase == StepPhase.Cleanup).Verdict, Is.EqualTo(Verdict.Pass), "the cleanup ran");
    }

    [Test]
    public async Task What_a_step_waits_by_intention_comes_on_top_of_its_deadline()
    {
        await using var bench = await OpenBench.OpenAsync(place, null, new HurriedTime(), default);

        var (_, events) = await RunAsync(bench, "steps: [ping]", ("steps", new Endless(TimeSpan.FromHours(2))));

        Assert.That(events.OfType<StepEnded>().First().Failure!.Message, Does.Contain("within 150 min"));
    }

    [TestCase("steps: [power: {to: off}]")]
    [TestCase("setup: [power: {to: off}, ping]\nsteps: [ping]", Description = "the setup fails")]
    [TestCase("steps: [ping]\ncleanup: [power: {to: off}, ping]", Description = "the cleanup itself fails")]
    public async Task A_run_leaves_the_board_with_power_and_its_boot_pin_free(string body)
    {
        await using var bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);
        await bench.Supply!.DriveBootPinAsync(BootPin.Held, default);

        var (_, events) = await RunAsync(bench, body);

        Assert.That(await bench.Power!.MeasureVoltsAsync(default), Is.GreaterThan(1.71));
        Assert.That(await AskSupplyAsync("DIG:OUTP:DATA?"), Is.EqualTo("0"));
        Assert.That(events[^1], Is.InstanceOf<RunEnded>());
    }

    [Test]
    public async Task A_journal_that_takes_no_more_leaves_the_board_safe_all_the_same()
    {
        await using var bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);
        await bench.Power!.CutAsync(default);
        var journal = RunJournal.Create(board.Folder, "r-closed", TimeProvider.System);

        Assert.That(async () => await RunAsync(bench, "steps: [ping]", journal, ("steps", new Closes(journal))), Throws.Exception);

        Assert.That(await bench.Power!.MeasureVoltsAsync(default), Is.GreaterThan(1.71));
    }

    [Test]
    public async Task A_board_that_cannot_be_left_safe_makes_the_run_the_rigs_error_and_says_why()
    {
        await using var bench = await OpenBench.OpenAsync(WithoutSupply(), null, TimeProvider.System, default);

        var danger = await bench.LeaveSafeAsync();

        Assert.That(danger, Does.StartWith($"place {place.Name}: the board could not be left with power and a free boot pin: ").And.Contain("did not answer"));
    }

    [Test]
    public async Task Every_sample_says_which_reset_came_before_it_and_which_start_it_belongs_to()
    {
        await using var bench = await OpenBench.OpenAsync(place, null, TimeProvider.System, default);

        var (_, events) = await RunAsync(bench, "steps: [reset: {by: probe}, ping, reset: {by: power}, ping, reset: {by: bootloader}, ping]");

        var pings = events.OfType<StepEnded>().Where(step => step.Step == "ping").Select(step => (step.Conditions[ConditionVocabulary.LastReset], step.Conditions[ConditionVocabulary.BootNumber]));
        Assert.That(pings, Is.EqualTo(new[] { ("probe", "1"), ("power", "2"), ("bootloader", "3") }));
        Assert.That(events.OfType<StepEnded>().Select(step => step.Conditions.Keys), Has.All.SupersetOf(new[] { ConditionVocabulary.LastReset, ConditionVocabulary.BootNumber }));
    }

    /// <summary>Runs one cycle; a step named by its phase takes the place of the first that the phase has.</summary>
    private async Task<(Verdict Verdict, IReadOnlyList<RunEventBody> Events)> RunAsync(OpenBench bench, string body, params (string Phase, IStep Step)[] instead)
    {
        using var journal = RunJournal.Create(board.Folder, $"r-{Guid.NewGuid():N}", TimeProvider.System);
        return await RunAsync(bench, body, journal, instead);
    }

    private async Task<(Verdict Verdict, IReadOnlyList<RunEventBody> Events)> RunAsync(OpenBench bench, string body, RunJournal journal, params (string Phase, IStep Step)[] instead)
    {
        var variants = Variants.Of(SequenceFile.Parse("s.yaml", $"sequence: s\nboard: kv58\n{body}"));
        var steps = new Dictionary<StepCall, BoundStep>(StepBinder.BindAll(variants, place, RunImages.None), ReferenceEqualityComparer.Instance as IEqualityComparer<StepCall>);
        foreach (var (_, step) in instead)
            steps[(StepCall)variants.Usual.Steps[0]] = new BoundStep("ping", "", step);
        var plan = new RunPlan(journal.RunId, variants, place, RunImages.None, 1, 1, null, new StateFolder(board.Folder) { KeepFree = 0 });
        var verdict = await new SequenceRunner(plan, bench, steps, journal).RunAsync(default);
        return (verdict, [.. journal.ReadAfter(0, int.MaxValue).Select(runEvent => runEvent.Body)]);
    }

    /// <summary>The place with a supply that is reachable when the bench is opened, and gone then.</summary>
    private Place WithoutSupply()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            foreach (var answer in new[] { "1\n", "3.300\n" })
            {
                using var client = await listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                await reader.ReadLineAsync();
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
                await reader.ReadToEndAsync();
            }
            listener.Stop();
        });
        return place with { Power = new PowerSetup($"{listener.LocalEndpoint}", null) };
    }

    private async Task<string?> AskSupplyAsync(string question)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(place.Power!.ScpiAddress!));
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(question + "\n"));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync();
    }

    private sealed record Endless(TimeSpan Waits) : IStep
    {
        public TimeSpan Lasts => Waits;

        public Task ExecuteAsync(OpenBench bench, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private sealed record Closes(RunJournal Journal) : IStep
    {
        public Task ExecuteAsync(OpenBench bench, CancellationToken cancellationToken)
        {
            Journal.Dispose();
            return bench.Power!.CutAsync(cancellationToken);
        }
    }

    /// <summary>The clock of everybody, but what is due in ten minutes or more is due in a moment.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime >= TimeSpan.FromMinutes(10) ? TimeSpan.FromMilliseconds(100) : dueTime, period);
    }
}
