using HilRig.Analysis.Triggers;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>What is known of one fingerprint of one step: sums that grow by one failure at a time.</summary>
internal sealed class FailureCell(Fingerprint fingerprint, Blame blame)
{
    private readonly Dictionary<string, int> byPlace = [];
    private readonly Dictionary<string, int> byAgent = [];
    private readonly Dictionary<string, int> byHub = [];
    private readonly Dictionary<string, HashSet<string>> placesOfHub = [];
    private readonly IncidentCounter incidents = new();
    private readonly List<(int Trial, int Incident)> seen = [];
    private readonly Dictionary<SilenceBin, int> silences = [];

    public Fingerprint Fingerprint => fingerprint;

    public Blame Blame => blame;

    public int Count => Trials.Count;

    public int Incidents => incidents.Count;

    public DateTimeOffset FirstSeen { get; private set; }

    public DateTimeOffset LastSeen { get; private set; }

    /// <summary>Which trials of the step failed so.</summary>
    public GrowingBits Trials { get; } = new();

    /// <summary>The same one by one, each with the number of its incident.</summary>
    public IReadOnlyList<(int Trial, int Incident)> Seen => seen;

    /// <summary>When each was.</summary>
    public Moments Times { get; } = new();

    /// <summary>When each incident began.</summary>
    public Moments Began { get; } = new();

    public IReadOnlyDictionary<string, int> ByPlace => byPlace;

    public IReadOnlyDictionary<string, int> ByAgent => byAgent;

    public IReadOnlyDictionary<string, int> ByHub => byHub;

    /// <summary>True when it was seen at several places of that hub: one alone may be the board's own fault.</summary>
    public bool IsOnSeveralPlacesOf(string hub) => placesOfHub[hub].Count > 1;

    public void Add(StepSample sample, int trial)
    {
        if (Count == 0 || sample.At < FirstSeen)
            FirstSeen = sample.At;
        if (Count == 0 || sample.At > LastSeen)
            LastSeen = sample.At;
        Trials.Add(trial);
        byPlace[sample.Place] = byPlace.GetValueOrDefault(sample.Place) + 1;
        byAgent[sample.Agent] = byAgent.GetValueOrDefault(sample.Agent) + 1;
        var hub = Wiring.Of(sample);
        byHub[hub] = byHub.GetValueOrDefault(hub) + 1;
        if (!placesOfHub.TryGetValue(hub, out var places))
            placesOfHub[hub] = places = [];
        places.Add(sample.Place);
        var incidentsBefore = incidents.Count;
        var incident = incidents.Add(sample);
        if (incident > incidentsBefore)
            Began.Add(sample.At);
        Times.Add(sample.At);
        seen.Add((trial, incident));
        silences[SilenceBin.Of(sample)] = silences.GetValueOrDefault(SilenceBin.Of(sample)) + 1;
    }

    /// <summary>What is left of it outside storms.</summary>
    /// <returns>Failures, incidents (ten minutes of the whole rig are one) and the agents it was on.</returns>
    public (int Failures, int Incidents, int Agents) OutsideStorms(SilenceWatch watch)
    {
        var left = silences.Where(silence => !watch.IsStorm(silence.Key)).ToList();
        return (left.Sum(silence => silence.Value), left.Select(silence => silence.Key.RigWide).Distinct().Count(), left.Select(silence => silence.Key.Agent).Distinct().Count());
    }
}
