using HilRig.Analysis.Rates;
using HilRig.Model.Comparisons;
using HilRig.Model.Runs;

namespace HilRig.Server.Comparisons;

/// <summary>Puts two runs, or two releases, side by side.</summary>
public sealed class ComparisonReader(IRunReader reader) : IComparisonReader
{
    /// <summary>Of each run; what comes later is not compared step by step.</summary>
    private const int MostEvents = 20_000;

    public async Task<ComparisonAnswer> CompareAsync(string a, string b, CancellationToken cancellationToken)
    {
        if (await FindAsync(a, cancellationToken) is not { } first)
            return new ComparisonAnswer(null, $"`{a}` is neither a run nor a release that ran");
        if (await FindAsync(b, cancellationToken) is not { } second)
            return new ComparisonAnswer(null, $"`{b}` is neither a run nor a release that ran");
        if (first.Run is null != second.Run is null)
            return new ComparisonAnswer(null, "one is a run and the other a release; two of a kind can be compared");
        var (ofA, ofB) = (await ReadAsync(first, cancellationToken), await ReadAsync(second, cancellationToken));
        var difference = RateDifference.Of(first.Cycles, second.Cycles);
        return new ComparisonAnswer(
            new Comparison(
                first, second, difference.Value, difference.Low, difference.High, difference.Bits, difference.P,
                StepComparison.Times(ofA, ofB), StepComparison.First(ofA, ofB), Math.Max(ofA.Count, ofB.Count) == MostEvents),
            null);
    }

    private async Task<ComparisonSide?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (await reader.FindRunAsync(name, cancellationToken) is { } run)
            return ToSide(run);
        return (await reader.ListReleasesAsync(cancellationToken)).FirstOrDefault(candidate => candidate.Release == name) is { } release
            ? new ComparisonSide(release.Release, null, release.Cycles, release.Voided)
            : null;
    }

    private static ComparisonSide ToSide(RunSummary run)
    {
        var tally = CycleTally.Of([run]);
        return new ComparisonSide(run.RunId, run, tally.Cycles, tally.Voided);
    }

    private async Task<IReadOnlyList<RunEvent>> ReadAsync(ComparisonSide side, CancellationToken cancellationToken) =>
        side.Run is { } run ? await reader.ReadEventsAsync(run.RunId, 0, MostEvents, cancellationToken) : [];
}
