using HilRig.Analysis.Rates;

namespace HilRig.Analysis.History;

/// <summary>One fingerprint of one step of one release: its trials, its failures, and whether the flagging rule has fired.</summary>
internal sealed class HistoryCell
{
    private const double SilenceBinSeconds = 600;
    private readonly Bystanders bystanders;

    /// <param name="trials">All trials of the step on the release, oldest first.</param>
    /// <param name="nightlyBudget">Chance of any false flag in a night.</param>
    /// <param name="codes">Every code that counts as this fingerprint: all kinds of silence are one.</param>
    public HistoryCell(string release, string step, IReadOnlyList<Trial> trials, IReadOnlyCollection<string> codes, double nightlyBudget, Bystanders bystanders)
    {
        this.bystanders = bystanders;
        Release = release;
        Step = step;
        Trials = trials;
        Failures = [.. trials.Index().Where(trial => trial.Item.Row.Fingerprint is { } code && codes.Contains(code)).Select(trial => trial.Index)];
        IsSilence = trials[Failures[0]].Row.IsSilence;
        Fingerprint = Failures.GroupBy(position => trials[position].Row.Fingerprint!).OrderByDescending(code => code.Count()).ThenBy(code => code.Key, StringComparer.Ordinal).First().Key;
        Codes = codes;
        (Incidents, FlaggedAtTrial) = Watch(nightlyBudget);
    }

    public string Release { get; }

    public string Step { get; }

    /// <summary>The most frequent of its codes.</summary>
    public string Fingerprint { get; }

    public IReadOnlyCollection<string> Codes { get; }

    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>Positions of the failing trials among <see cref="Trials"/>.</summary>
    public IReadOnlyList<int> Failures { get; }

    public bool IsSilence { get; }

    public int Incidents { get; }

    /// <summary>Trials of the step when the rule fired; null where it did not.</summary>
    public int? FlaggedAtTrial { get; }

    public IEnumerable<HistoryRow> FailingRows => Failures.Select(position => Trials[position].Row);

    /// <summary>Failures or trials by a place.</summary>
    public static IReadOnlyDictionary<string, int> CountBy(IEnumerable<HistoryRow> rows, Func<HistoryRow, string> place) =>
        rows.CountBy(place).ToDictionary();

    /// <summary>Looks at every failure as a rig would have: the step as a whole, each slot of each sequence, and under each condition.</summary>
    private (int Incidents, int? FlaggedAtTrial) Watch(double nightlyBudget)
    {
        var kind = IsSilence ? FailureKind.Silence : FailureKind.Answer;
        var stepRule = NoiseFloor.OfStep(kind, nightlyBudget);
        var slotRule = NoiseFloor.OfSlot(kind, nightlyBudget);
        var incidents = new HashSet<Incident>();
        var agents = new HashSet<string>();
        var slots = new Dictionary<(string, int), SlotCount>();
        var conditions = new Lazy<ConditionWatch>(() => new ConditionWatch(Trials, NoiseFloor.OfCondition(kind, nightlyBudget)));
        int? flagged = null;
        var next = 0;
        foreach (var (position, trial) in Trials.Index())
        {
            var row = trial.Row;
            var slot = slots.TryGetValue((row.Sequence, row.StepIndex), out var known) ? known : slots[(row.Sequence, row.StepIndex)] = new SlotCount();
            slot.Trials++;
            if (next == Failures.Count || position != Failures[next])
                continue;
            next++;
            var incident = IncidentOf(trial);
            incidents.Add(incident);
            slot.Incidents.Add(incident);
            agents.Add(row.Agent);
            if (flagged is null
                && (!IsSilence || agents.Count >= 2)
                && incidents.Count >= 2
                && (stepRule.Exceeded(incidents.Count, position + 1)
                    || slotRule.Exceeded(slot.Incidents.Count, slot.Trials)
                    || conditions.Value.Exceeded(Failures.Take(next), failure => IncidentOf(Trials[failure]))))
                flagged = position + 1;
        }
        return (incidents.Count, flagged);
    }

    /// <summary>An answer: one board since its power was off, or one agent, two minutes. Silence: the whole rig, ten minutes.</summary>
    private Incident IncidentOf(Trial trial) =>
        IsSilence ? new Incident(trial.Row.Night, "", (long)(trial.Row.Time / SilenceBinSeconds)) : bystanders.IncidentOf(trial);

    private sealed class SlotCount
    {
        public int Trials { get; set; }

        public HashSet<Incident> Incidents { get; } = [];
    }
}
