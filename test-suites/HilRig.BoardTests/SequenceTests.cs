using System.Globalization;
using HilRig.Agent.Images;
using HilRig.Agent.Running;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.BoardTests;

/// <summary>
/// Each shipped sequence as a test case, with few cycles: <c>HILRIG_CYCLES</c> and <c>HILRIG_SEED</c> say otherwise.
/// The journal of a run that did not pass is attached to its test.
/// </summary>
[NonParallelizable]
public class SequenceTests
{
    private const int FewCycles = 2;

    private static IEnumerable<TestCaseData> Shipped() =>
        from path in Directory.EnumerateFiles(Checkout.Sequences, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let name = Path.ChangeExtension(Path.GetRelativePath(Checkout.Sequences, path), null).Replace('\\', '/')
        select new TestCaseData(path).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Shipped))]
    [CancelAfter(3_600_000)]
    public async Task The_board_passes(string path, CancellationToken cancellationToken)
    {
        var place = BenchUnderTest.Place;
        var variants = Variants.Of(SequenceFile.Load(path));
        var sequence = variants.Sequence;
        if (sequence.BoardType != place.Board.Name)
            Assert.Ignore($"it is written for {sequence.BoardType}; place {place.Name} has a {place.Board.Name}");
        var seed = Number("HILRIG_SEED", Random.Shared.Next(1, int.MaxValue));
        var plan = new RunPlan(RunPlan.NewRunId(place.Name, TimeProvider.System), variants, place, RunImages.Load(variants, place.Board),
            (int)Number("HILRIG_CYCLES", Math.Min(variants.Cycles, FewCycles)), seed,
            Release: null, new StateFolder(Path.Combine(AppContext.BaseDirectory, "state")));
        if (StepBinder.FindRefusal(variants, place, plan.Images) is { } refusal)
            Assert.Ignore(refusal);
        using var journal = RunJournal.Create(plan.Data.Runs, plan.RunId, TimeProvider.System);
        journal.Appended += new RunConsole(TestContext.Out, columns: null).Show;
        using var control = new RunControl();
        var verdict = await RunOpening.RunAsync(plan, journal, Environment.MachineName, control, TimeProvider.System, cancellationToken);

        if (verdict == Verdict.Pass)
        {
            journal.Delete();
            return;
        }
        TestContext.AddTestAttachment(Path.Combine(plan.Data.Runs, plan.RunId + RunJournal.Extension), "every event of the run");
        Assert.Fail($"{Words(verdict)} on place {place.Name}, seed {seed}; the output names each failure");
    }

    /// <summary>A run that nobody can judge is not passed in silence: a test platform shows an inconclusive test as skipped.</summary>
    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "the board failed",
        Verdict.Inconclusive => "undetermined: something went wrong and the witnesses do not say whose fault it was",
        Verdict.Aborted => "stopped before its end",
        _ => "the rig failed",
    };

    private static long Number(string variable, long otherwise) =>
        Environment.GetEnvironmentVariable(variable) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= int.MaxValue ? number
        : throw new InvalidOperationException($"{variable} is `{text}`, expected a number from 1 to {int.MaxValue}");
}
