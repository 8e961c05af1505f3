using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>What is known of one fingerprint of one step: sums that grow by one failure at a time.</summary>
internal sealed class FailureCell(Fingerprint fingerprint, Blame blame)
{
    private readonly Dictionary<string, int> byPlace = [];
    private readonly IncidentCounter incidents = new();

    public Fingerprint Fingerprint => fingerprint;

    public Blame Blame => blame;

    public int Count { get; private set; }

    public int Incidents => incidents.Count;

    public DateTimeOffset FirstSeen { get; private set; }

    public DateTimeOffset LastSeen { get; private set; }

    public ConditionTally Tally { get; } = new();

    public IReadOnlyDictionary<string, int> ByPlace => byPlace;

    public void Add(StepSample sample, ulong trialHash)
    {
        if (Count == 0 || sample.At < FirstSeen)
            FirstSeen = sample.At;
        if (Count == 0 || sample.At > LastSeen)
            LastSeen = sample.At;
        Count++;
        byPlace[sample.Place] = byPlace.GetValueOrDefault(sample.Place) + 1;
        incidents.Add(sample);
        Tally.Add(sample, trialHash);
    }
}
