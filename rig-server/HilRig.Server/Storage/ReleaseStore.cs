using Dapper;
using HilRig.Analysis.Rates;
using HilRig.Analysis.SignOff;
using HilRig.Model.Runs;
using HilRig.Server.Judging;

namespace HilRig.Server.Storage;

/// <summary>What all runs together say of each release.</summary>
public sealed class ReleaseStore(IDatabase database, FlagBook flags)
{
    /// <summary>The one that ran last first.</summary>
    public async Task<IReadOnlyList<ReleaseSummary>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var tallies = (await reader.QueryAsync<(string Release, string What, string Layer, long Number)>(new CommandDefinition(
            "SELECT release, what, layer, CAST(sum(number) AS BIGINT) FROM release_tally GROUP BY release, what, layer", cancellationToken: cancellationToken))).ToLookup(row => row.Release);
        // Each by the two ends of an index.
        var runs = await reader.QueryAsync<(string Release, long Runs, long First, long Last)>(new CommandDefinition(
            """
            SELECT t.release, t.runs, (SELECT min(started_ns) FROM run WHERE run.release = t.release), (SELECT max(started_ns) FROM run WHERE run.release = t.release)
            FROM (SELECT release, CAST(sum(number) AS BIGINT) AS runs FROM release_tally WHERE what = 'run' GROUP BY release) AS t ORDER BY 4 DESC
            """,
            cancellationToken: cancellationToken));
        var outcomes = tallies.SelectMany(release => release).Where(row => row.What != ReleaseTally.Run)
            .ToLookup(row => row.Release, row => (Verdict: StoredText.ToEnum<Verdict>(row.What), Layer: StoredText.ToEnum<Layer>(row.Layer), Count: row.Number));
        var accusations = flags.Read().Where(flag => flag.IsProduct).ToLookup(flag => flag.Release);
        return [.. runs.Select(row => ToSummary(row, [.. outcomes[row.Release]], accusations[row.Release].Count()))];
    }

    private static ReleaseSummary ToSummary(
        (string Release, long Runs, long First, long Last) row, IReadOnlyList<(Verdict Verdict, Layer Layer, long Count)> outcomes, int accusations)
    {
        var counted = outcomes.Where(outcome => SignOffSamples.VoidedBy(outcome.Verdict, outcome.Layer) is null).ToList();
        var trials = counted.Sum(outcome => outcome.Count);
        var failures = counted.Where(outcome => outcome.Verdict > Verdict.Pass).Sum(outcome => outcome.Count);
        return new ReleaseSummary(
            row.Release, (int)row.Runs, Wilson.Rate((int)failures, (int)trials), outcomes.Sum(outcome => outcome.Count) - trials, accusations,
            StoredText.ToTime(row.First), StoredText.ToTime(row.Last));
    }
}
