using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>
/// Counts incidents: failures of one run within two minutes and four cycles of each other may have one cause and count once.
/// </summary>
/// <remarks>
/// A disturbance lasts minutes, and a real cycle about half a minute; the bound in cycles keeps a fast rig, whose whole
/// campaign may last minutes, from counting everything as one. Merging can only delay a flag, never make one.
/// </remarks>
internal sealed class IncidentCounter
{
    private const int LongestInCycles = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, (DateTimeOffset At, int Cycle, int Number)> began = [];

    public int Count { get; private set; }

    /// <summary>Counts a failure and tells the number of its incident.</summary>
    public int Add(StepSample sample)
    {
        if (began.TryGetValue(sample.RunId, out var last)
            && sample.At - last.At < Longest
            && sample.Cycle - last.Cycle < LongestInCycles)
            return last.Number;
        began[sample.RunId] = (sample.At, sample.Cycle, ++Count);
        return Count;
    }
}
