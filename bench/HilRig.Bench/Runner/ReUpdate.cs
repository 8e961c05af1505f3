using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Bench.Runner;

/// <summary>
/// The shipped sequence <c>re-update</c>, for those who do it without a runner: the steps that a seed draws, cycle by cycle. The image is
/// made from a seed instead of read from a file; nothing else differs.
/// </summary>
internal sealed class ReUpdate
{
    public const long Seed = 58;

    private ReUpdate(string text)
    {
        Text = text;
        Variants = Variants.Of(SequenceFile.Parse("re-update.yaml", text));
    }

    /// <summary>The file's text, as an order carries it.</summary>
    public string Text { get; }

    public Variants Variants { get; }

    public static ReUpdate Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HilRig.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the benchmarks run outside a checkout of HilRig");
        var text = File.ReadAllText(Path.Combine(folder.FullName, "test-suites", "sequences", "kv58", "re-update.yaml"));
        const string Shipped = "image: ../../images/app-6k.bin";
        return text.Contains(Shipped, StringComparison.Ordinal)
            ? new ReUpdate(text.Replace(Shipped, "image: {size: 6144, seed: 1}", StringComparison.Ordinal))
            : throw new InvalidOperationException($"re-update.yaml has no line `{Shipped}` any more");
    }

    public Image ImageOn(Place place) => RunImages.Load(Variants, place.Board).For(Variants.Usual)!;

    /// <summary>The setup's steps.</summary>
    public IEnumerable<StepCall> Setup() => Drawn(Variants.Usual.Setup, 0);

    /// <summary>The steps of a cycle in which all passes.</summary>
    public IEnumerable<StepCall> Cycle(int cycle) => Drawn(Variants.Usual.Steps, cycle);

    public RunPlan Plan(Place place, int cycles, StateFolder data) =>
        new(RunPlan.NewRunId(place.Name, TimeProvider.System), Variants, place, RunImages.Load(Variants, place.Board), cycles, Seed, null, data);

    private static IEnumerable<StepCall> Drawn(IReadOnlyList<SequenceNode> nodes, int cycle)
    {
        var walk = CycleWalk.Of(nodes, Seed, cycle);
        var passed = new StepEnded(cycle, 0, StepPhase.Steps, "", "", Verdict.Pass, Layer.None, null, 0, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []);
        for (var call = walk.Next(null); call is not null; call = walk.Next(passed))
            yield return call;
    }
}
