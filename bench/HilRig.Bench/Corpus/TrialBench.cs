using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;

namespace HilRig.Bench.Corpus;

/// <summary>Three virtual boards behind their doors, a places file, and the agent's own way from there to a run that has ended.</summary>
public sealed class TrialBench : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    private readonly Trial trial;
    private readonly RunningBoard twin;
    private readonly RunningBoard reference;

    private TrialBench(Trial trial, Random random)
    {
        this.trial = trial;
        Board = Open("dut", trial.Release, trial.Faults, random);
        twin = Open("twin", trial.Release, [], random);
        reference = Open("reference", trial.Reference, [], random);
    }

    /// <summary>The board under test.</summary>
    public RunningBoard Board { get; }

    /// <summary>Everything the run and its boards keep.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hilrig-trial-").FullName;

    /// <summary>Draws a trial, runs it, and says whom the run accuses.</summary>
    public static async Task<TrialOutcome> TryAsync(LabelledFault fault, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        using var bench = new TrialBench(fault.Draw(random), random);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            return TrialOutcome.Of(await bench.RunAsync(random.Next(), deadline.Token), fault.Truth);
        }
        catch (BadInputException refusal)
        {
            return new TrialOutcome(Layer.Sequence, $"refused before the run: {refusal.Message}");
        }
    }

    public void Dispose()
    {
        Board.Dispose();
        twin.Dispose();
        reference.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<IReadOnlyList<RunEvent>> RunAsync(int seed, CancellationToken cancellationToken)
    {
        var plan = trial.Plan(Plan(seed));
        using var journal = RunJournal.Create(plan.Data.Runs, plan.RunId, TimeProvider.System);
        using var control = new RunControl();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        journal.Appended += _ => begun.TrySetResult();
        var meanwhile = Task.Run(async () =>
        {
            await begun.Task.WaitAsync(ended.Token);
            await trial.Meanwhile(this, ended.Token);
        }, CancellationToken.None);
        try
        {
            await RunOpening.RunAsync(plan, journal, "corpus", control, TimeProvider.System, cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await meanwhile.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        return journal.ReadAfter(0, int.MaxValue);
    }

    private RunPlan Plan(int seed)
    {
        foreach (var (name, bytes) in trial.Beside)
            File.WriteAllBytes(Path.Combine(Folder, name), bytes);
        var image = Path.Combine(Folder, "app.bin");
        File.WriteAllBytes(image, trial.Image);
        var (own, other) = (DoorsOf(Board), DoorsOf(twin));
        var places = PlacesFile.Parse(Path.Combine(Folder, "places.yaml"), $"""
            places:
            {Entry("dut", trial.Wiring(own, other))}
            {Entry("twin", trial.Wiring(own, other) == own ? other : new Doors(Path.Combine(Folder, "none"), "none", "127.0.0.1:1"))}
            {Entry("reference", DoorsOf(reference))}
                tags: [reference]
            """);
        var variants = Variants.Of(SequenceFile.Parse(Path.Combine(Folder, "s.yaml"), $"sequence: s\nboard: kv58\nsetup:\n  - reset: {{by: power}}\nsteps:\n{trial.Steps}\n"));
        return new RunPlan(RunPlan.NewRunId("dut", TimeProvider.System), variants, places[0], RunImages.Of(CheckedImage.Load(image, places[0].Board, trial.Address)),
            trial.Cycles, seed, null, new StateFolder(Folder))
        {
            Spares = new SparePlaces(places, _ => Stream.Null),
        };
    }

    private RunningBoard Open(string name, Release release, IReadOnlyList<string> faults, Random random) => new(
        new BoardOptions { Name = name, Seed = random.Next(), Speed = 20, Faults = faults },
        new BoardDoors(Path.Combine(Folder, name), 0, 0),
        new BoardImages(FirmwareImage.BuildBootloader(release.Profile), null, null, null),
        null);

    private static Doors DoorsOf(RunningBoard board) =>
        new(board.Doors.Serial, $"remote:127.0.0.1:{board.Doors.ProbePort}", $"127.0.0.1:{board.Doors.PowerPort}");

    private static string Entry(string name, Doors doors) => $"""
          - name: {name}
            board: kv58
            serial: {"{"}device: {doors.Serial}{"}"}
            probe: {"{"}uid: "{doors.Probe}"{"}"}
            power: {"{"}scpi: "{doors.Power}"{"}"}
        """;
}
