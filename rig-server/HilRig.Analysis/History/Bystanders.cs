namespace HilRig.Analysis.History;

/// <summary>
/// What else failed on an agent at the time: a disturbance of the agent shows as failures of several kinds, most of them
/// silence. Answers that fail alike, with nothing else beside them, are not its work.
/// </summary>
internal sealed class Bystanders
{
    private readonly Dictionary<(int Night, string Agent, long Bin), HashSet<(string Step, string Code)>> failures = [];

    /// <param name="rows">All of them, also those that the rig noticed or a storm covers.</param>
    public Bystanders(IEnumerable<HistoryRow> rows)
    {
        foreach (var row in rows.Where(row => row is { Failed: true, IsRecovery: false }))
        {
            var key = (row.Night, row.Agent, Bin(row));
            (failures.TryGetValue(key, out var kinds) ? kinds : failures[key] = []).Add((row.Step, row.Fingerprint!));
        }
    }

    /// <summary>
    /// The incident that a failing answer belongs to: its agent's two minutes, or its board's where nothing of another kind
    /// failed on the agent in the two minutes themselves, before and after. What a board answers after its power was off
    /// is an incident of its own, as after every failure that was recovered from: of what it was before only its flash is left, and
    /// nothing else shows a cause outside.
    /// </summary>
    public Incident IncidentOf(Trial trial)
    {
        var row = trial.Row;
        var isAlone = Enumerable.Range(-1, 3).All(near =>
            !failures.TryGetValue((row.Night, row.Agent, Bin(row) + near), out var kinds) || kinds.All(kind => kind == (row.Step, row.Fingerprint)));
        return isAlone ? new Incident(row.Night, row.Board, Bin(row), trial.Before.PoweredAt) : new Incident(row.Night, row.Agent, Bin(row));
    }

    private static long Bin(HistoryRow row) => (long)(row.Time / 120);
}

/// <summary>What failures may have in common: those of one incident count once.</summary>
/// <param name="Place">Board, agent, or empty for the whole rig.</param>
/// <param name="Bin">Stretch of the night.</param>
/// <param name="PoweredAt">When the board was last powered, seconds of the night; 0 where that does not matter.</param>
internal readonly record struct Incident(int Night, string Place, long Bin, double PoweredAt = 0);
