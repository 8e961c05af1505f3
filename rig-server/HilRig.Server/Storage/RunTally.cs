using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>A run's row of the table that grids and histories count.</summary>
/// <param name="Cycles">Finished ones.</param>
/// <param name="Failed">Of them, those that failed.</param>
/// <param name="Other">Of them, those that neither passed nor failed.</param>
internal readonly record struct RunTally(long StartedNanoseconds, long Cycles, long Failed, long Other)
{
    public static RunTally Of(RunSummary summary)
    {
        long cycles = summary.CyclesByVerdict.Values.Sum();
        long failed = summary.CyclesByVerdict.GetValueOrDefault(Verdict.Fail);
        return new RunTally(StoredText.ToNanoseconds(summary.StartedAt), cycles, failed, cycles - failed - summary.CyclesByVerdict.GetValueOrDefault(Verdict.Pass));
    }
}
