using System.Runtime.InteropServices;
using HilRig.Analysis.Triggers;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>All trials of one step of one revision of a sequence on one release, and the fingerprints they failed with.</summary>
internal sealed class StepCell(string release, string sequence, string revision, string step)
{
    private readonly Dictionary<(Fingerprint, Blame), FailureCell> failures = [];
    private readonly Dictionary<string, int> trialsByPlace = [];
    private readonly Dictionary<string, int> triesByAgent = [];
    private readonly Dictionary<string, int> triesByHub = [];
    private readonly TrialClock clock = new();
    private readonly List<int> sessions = [];

    public string Release => release;

    public string Sequence => sequence;

    public string Revision => revision;

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

    /// <summary>When the first sample was taken.</summary>
    public DateTimeOffset FirstSeen { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The conditions of every sample; those that neither passed nor failed in the way at hand are left out when it is read.</summary>
    public TrialTable Conditions { get; } = new();

    /// <summary>Which of them passed.</summary>
    public GrowingBits Passed { get; } = new();

    /// <summary>When each of <see cref="Trials"/> was made.</summary>
    public TrialClock Clock => clock;

    public IReadOnlyDictionary<string, int> TrialsByPlace => trialsByPlace;

    /// <summary>All tries, blamed on whom they may be.</summary>
    public IReadOnlyDictionary<string, int> TriesByAgent => triesByAgent;

    /// <inheritdoc cref="TriesByAgent"/>
    public IReadOnlyDictionary<string, int> TriesByHub => triesByHub;

    public IEnumerable<FailureCell> Failures => failures.Values;

    public FailureCell? Find(Fingerprint fingerprint, Blame blame) => failures.GetValueOrDefault((fingerprint, blame));

    /// <summary>The power session of each sample, 0 where nothing tells; by its position among <see cref="Conditions"/>.</summary>
    public ReadOnlySpan<int> Sessions => CollectionsMarshal.AsSpan(sessions);

    /// <param name="told">Conditions that the run's other samples tell of it.</param>
    public void Add(StepSample sample, Blame blame, IReadOnlyList<KeyValuePair<string, string>> told, int session)
    {
        if (sample.At < FirstSeen)
            FirstSeen = sample.At;
        if (blame is Blame.Nobody or Blame.Product)
            CountTrial(sample);
        else if (blame is Blame.Rig)
            RigSamples++;
        else
            UndeterminedSamples++;

        var trial = Conditions.Add(sample.Conditions, told);
        sessions.Add(session);
        triesByAgent[sample.Agent] = triesByAgent.GetValueOrDefault(sample.Agent) + 1;
        var hub = Wiring.Of(sample);
        triesByHub[hub] = triesByHub.GetValueOrDefault(hub) + 1;
        if (blame is Blame.Nobody)
            Passed.Add(trial);
        else if (sample.Fingerprint is { } fingerprint && sample.Verdict is not Verdict.Aborted)
            CellOf(fingerprint, blame).Add(sample, trial);
    }

    /// <summary>Whom a sample counts against.</summary>
    public static Blame BlameOf(StepSample sample) => (sample.Verdict, sample.Layer) switch
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
        clock.Add(sample.At);
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
