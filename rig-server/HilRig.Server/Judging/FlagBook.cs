using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Server.Judging;

/// <summary>The flags of everything stored: samples go in as they are committed, and are judged when somebody looks.</summary>
public sealed class FlagBook
{
    private readonly Lock gate = new();
    private readonly FlagJudge judge = new();
    private IReadOnlyList<Flag>? judged;

    public void Add(IReadOnlyList<StepSample> samples)
    {
        if (samples.Count == 0)
            return;
        lock (gate)
        {
            foreach (var sample in samples)
                judge.Add(sample);
            judged = null;
        }
    }

    /// <summary>All claims as of the last sample, gravest first.</summary>
    public IReadOnlyList<Flag> Read()
    {
        lock (gate)
            return judged ??= judge.Judge();
    }
}
