using HilRig.Analysis.Rates;

namespace HilRig.Analysis.Flags;

/// <summary>Where the rule fired first: what was flagged once stays so, however many clean trials follow.</summary>
/// <param name="Incidents">So many were enough.</param>
/// <param name="Trials">Within the first of them.</param>
internal sealed record Crossing(int Incidents, long Trials)
{
    /// <summary>Looks at every incident as it came, as a rig would have; null where none was one too many.</summary>
    /// <param name="began">When each incident began, in ticks of UTC, oldest first.</param>
    /// <param name="trialsUntil">Trials up to a moment, the one at it included.</param>
    public static Crossing? Find(NoiseFloor rule, IEnumerable<long> began, Func<long, long> trialsUntil) => began
        .Select((at, index) => new Crossing(index + 1, trialsUntil(at)))
        .FirstOrDefault(crossing => rule.Exceeded(crossing.Incidents, crossing.Trials));
}
