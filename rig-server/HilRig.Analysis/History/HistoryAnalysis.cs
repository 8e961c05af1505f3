using HilRig.Analysis.Rates;

namespace HilRig.Analysis.History;

/// <summary>Judges a whole history: rows in, claims out.</summary>
public static class HistoryAnalysis
{
    private const double EarlyShare = 0.1;

    /// <param name="nightlyBudget">Chance of any false flag in a night.</param>
    public static HistoryReport Judge(IReadOnlyList<HistoryRow> rows, double nightlyBudget = NoiseFloor.NightlyBudget)
    {
        var trials = HistoryTrials.From(rows);
        var bySteps = trials.Counted
            .GroupBy(trial => (trial.Row.Release, trial.Row.Step))
            .ToDictionary(group => group.Key, group => (IReadOnlyList<Trial>)[.. group]);
        var releases = trials.Counted.GroupBy(trial => trial.Row.Release).OrderBy(group => group.Min(trial => trial.Row.Night)).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key).ToList();
        var bystanders = new Bystanders(rows);
        var claims = new List<HistoryFlag>();
        foreach (var cell in bySteps.SelectMany(pair => Cells(pair.Key.Release, pair.Key.Step, pair.Value, nightlyBudget, bystanders)))
        {
            var claim = HistoryClaim.Of(cell, BaselineOn(HistoryRow.Golden, cell), BaselineOn(Before(cell.Release), cell));
            claims.Add(claim);
            if (Recovery.After(cell, claim, releases, bySteps) is { } recovered)
                claims.Add(recovered);
        }
        return new HistoryReport(
            [.. claims.OrderBy(claim => Gravity(claim.Class)).ThenByDescending(claim => claim.K).ThenBy(claim => claim.Release, StringComparer.Ordinal).ThenBy(claim => claim.Step, StringComparer.Ordinal).ThenBy(claim => claim.Fingerprint, StringComparer.Ordinal)],
            trials.Excluded,
            [.. releases.Select(release => new ReleaseLine(release, trials.Counted.Count(trial => trial.Row.Release == release), !claims.Any(claim => claim.Release == release && Gravity(claim.Class) <= 2)))],
            [.. Notes(rows, trials)]);

        Baseline? BaselineOn(string? release, HistoryCell cell) =>
            release is not null && release != cell.Release && bySteps.TryGetValue((release, cell.Step), out var there) ? Baseline.Of(release, cell, there) : null;

        string? Before(string release) =>
            release == HistoryRow.Golden ? null : releases.TakeWhile(other => other != release).LastOrDefault(other => other != HistoryRow.Golden);
    }

    /// <summary>Each code is a cell; all kinds of silence together are one.</summary>
    private static IEnumerable<HistoryCell> Cells(string release, string step, IReadOnlyList<Trial> trials, double nightlyBudget, Bystanders bystanders) => trials
        .Where(trial => trial.Row.Failed)
        .GroupBy(trial => trial.Row.IsSilence ? "" : trial.Row.Fingerprint!)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new HistoryCell(release, step, trials, group.Select(trial => trial.Row.Fingerprint!).ToHashSet(), nightlyBudget, bystanders));

    private static IEnumerable<string> Notes(IReadOnlyList<HistoryRow> rows, HistoryTrials trials)
    {
        if (rows.Select(row => row.Board).Distinct().Count() == 1)
            yield return $"one board only ({rows[0].Board}): its faults and the release's cannot be told apart";
        if (!trials.Counted.Any(trial => trial.Row.Failed))
            yield return "no counted failure";
        else if (trials.Counted.All(trial => trial.Row.Failed))
            yield return "every counted trial failed: nothing passes to compare with";
        if (trials.Censored > 0)
            yield return $"{trials.Censored} steps listed after their cycle's first failure were left out: they are no trials";
        var boards = rows.AggregateBy(row => (row.Night, row.Board), (First: double.PositiveInfinity, Last: double.NegativeInfinity), (span, row) => (Math.Min(span.First, row.Time), Math.Max(span.Last, row.Time)));
        foreach (var night in boards.GroupBy(board => board.Key.Night))
        {
            var (begin, end) = (night.Min(board => board.Value.First), night.Max(board => board.Value.Last));
            var early = night
                .Select(board => (board.Key.Board, board.Value.Last))
                .Where(board => end - board.Last > Math.Max(300, EarlyShare * (end - begin)))
                .OrderBy(board => board.Board, StringComparer.Ordinal)
                .Select(board => $"{board.Board} at {board.Last:0} s")
                .ToList();
            if (early.Count > 0)
                yield return $"boards that stopped early: {string.Join(", ", early)}; night {night.Key} went on to {end:0} s";
        }
    }

    private static int Gravity(string flagClass) => flagClass switch
    {
        "consistent" => 0,
        "conditional" => 1,
        "intermittent" => 2,
        "board-specific" => 3,
        "recovered" => 4,
        "rig" => 5,
        "observed" => 6,
        _ => 7,
    };
}
