using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>All trials of one step of one sequence on one release, and the fingerprints they failed with.</summary>
internal sealed class StepCell(string release, string sequence, string step)
{
    private readonly Dictionary<(Fingerprint, Blame), FailureCell> failures = [];
    private readonly Dictionary<string, int> trialsByPlace = [];

    public string Release => release;

    public string Sequence => sequence;

    public string Step => step;

    /// <summary>Trials that the product answers for: passes and failures of the board.</summary>
    public int Trials { get; private set; }

    public int Passes { get; private set; }

    /// <summary>Passes that needed a second try of some kind.</summary>
    public int MarginalPasses { get; private set; }

    /// <summary>Samples left out of the trials because the rig or a person spoiled them.</summary>
    public int RigSamples { get; private set; }

    /// <summary>Samples left out because the witnesses do not say whose fault they were.</summary>
    public int UndeterminedSamples { get; private set; }

    public ConditionTally PassTally { get; } = new();

    public IReadOnlyDictionary<string, int> TrialsByPlace => trialsByPlace;

    public IEnumerable<FailureCell> Failures => failures.Values;

    public void Add(StepSample sample, ulong trialHash)
    {
        var blame = BlameOf(sample);
        if (blame is Blame.Nobody or Blame.Product)
            CountTrial(sample);
        else if (blame is Blame.Rig)
            RigSamples++;
        else
            UndeterminedSamples++;

        if (blame is Blame.Nobody)
            PassTally.Add(sample, trialHash);
        else if (sample.Fingerprint is { } fingerprint && sample.Verdict is not Verdict.Aborted)
            CellOf(fingerprint, blame).Add(sample, trialHash);
    }

    private static Blame BlameOf(StepSample sample) => (sample.Verdict, sample.Layer) switch
    {
        (Verdict.NotSet or Verdict.Pass, _) => Blame.Nobody,
        (Verdict.Error or Verdict.Aborted, _) => Blame.Rig,
        (_, Layer.Rig) => Blame.Rig,
        (Verdict.Fail, Layer.Product) => Blame.Product,
        (_, Layer.Sequence) => Blame.Sequence,
        _ => Blame.Undetermined,
    };

    private void CountTrial(StepSample sample)
    {
        Trials++;
        trialsByPlace[sample.Place] = trialsByPlace.GetValueOrDefault(sample.Place) + 1;
        if (sample.Verdict > Verdict.Pass)
            return;
        Passes++;
        if (sample.Marginal)
            MarginalPasses++;
    }

    private FailureCell CellOf(Fingerprint fingerprint, Blame blame)
    {
        if (!failures.TryGetValue((fingerprint, blame), out var cell))
            failures[(fingerprint, blame)] = cell = new FailureCell(fingerprint, blame);
        return cell;
    }
}

/// <summary>Whom a sample counts against.</summary>
internal enum Blame
{
    Nobody,
    Product,
    Sequence,
    Undetermined,
    Rig,
}
