using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Analysis.History;

/// <summary>A history file as the runs that it tells of, so that it can be stored and judged like those of an agent.</summary>
/// <remarks>
/// One run for each night, release, board and sequence. A status is the device's word and the product's; silence has no second witness and stays undetermined,
/// unless the rig raised an alarm: then it is the rig's. What the file does not say (chip, image's bytes, operation within a step) is left empty, or a star.
/// </remarks>
public static class HistoryRuns
{
    /// <summary>The version under which a run says that it was imported, with the file's digest.</summary>
    public const string ImportedFrom = "imported";

    /// <param name="digest">SHA-256 in hex of the file: the same file is the same runs.</param>
    /// <param name="begins">When the first night began; the others follow a day apart.</param>
    public static IEnumerable<IReadOnlyList<RunEvent>> From(IReadOnlyList<HistoryRow> rows, string digest, DateTimeOffset begins)
    {
        var first = rows.Min(row => row.Night);
        return rows.GroupBy(row => (row.Night, row.Release, row.Board, row.Sequence))
            .Select(group => (IReadOnlyList<RunEvent>)[.. EventsOf([.. group], $"import-{digest[..8]}-n{group.Key.Night}-{Word(group.Key.Release)}-{Word(group.Key.Board)}-{Word(group.Key.Sequence)}", digest, begins.AddDays(group.Key.Night - first))]);
    }

    private static IEnumerable<RunEvent> EventsOf(List<HistoryRow> rows, string runId, string digest, DateTimeOffset night)
    {
        var number = 0L;
        var cycles = rows.ChunkBy(row => row.Cycle);
        var verdict = Verdict.Pass;
        var sample = rows[0];
        yield return Event(rows[0], new RunStarted(
            sample.Sequence, "", sample.Release, "", sample.Board, "", sample.Board, sample.Agent, "", "", cycles.Count, 0,
            new Dictionary<string, string> { [ImportedFrom] = digest }));
        foreach (var (index, steps) in cycles.Index())
        {
            yield return Event(steps[0], new CycleStarted(index + 1));
            foreach (var row in steps)
                yield return Event(row, ToStep(row, index + 1));
            var worst = steps.Where(row => !row.IsRecovery).Select(Judge).Append((Verdict: Verdict.Pass, Layer: Layer.None)).MaxBy(judged => judged.Verdict);
            verdict = verdict.Worst(worst.Verdict);
            yield return Event(steps[^1], new CycleEnded(index + 1, worst.Verdict, worst.Layer));
        }
        yield return Event(rows[^1], new RunEnded(verdict, EndReason.Completed, "imported from a history file"));

        RunEvent Event(HistoryRow row, RunEventBody body) => new(runId, ++number, night.AddMilliseconds(row.Time * 1000), body);
    }

    private static StepEnded ToStep(HistoryRow row, int cycle)
    {
        var (verdict, layer) = Judge(row);
        return new StepEnded(
            cycle,
            row.StepIndex,
            row.IsRecovery ? StepPhase.Recovery : StepPhase.Steps,
            row.Step,
            row.Image.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"image: {row.Image}, {row.Size} kB"),
            verdict,
            layer,
            row.Fingerprint is { } code ? new Failure("*", code, "", $"{row.Step} ended with {code}, says the history file") : null,
            0,
            false,
            ConditionsOf(row),
            new Dictionary<string, double>(),
            []);
    }

    private static (Verdict Verdict, Layer Layer) Judge(HistoryRow row) => row switch
    {
        { Failed: false } => (Verdict.Pass, Layer.None),
        { Witnessed: true } => (Verdict.Error, Layer.Rig),
        { IsSilence: true } => (Verdict.Inconclusive, Layer.Undetermined),
        _ => (Verdict.Fail, Layer.Product),
    };

    private static Dictionary<string, string> ConditionsOf(HistoryRow row)
    {
        var conditions = new Dictionary<string, string>
        {
            [ConditionVocabulary.UpdatesSinceReset] = $"{row.UpdatesSinceReset}",
            [ConditionVocabulary.CyclesSincePower] = $"{row.CyclesSincePower}",
            [ConditionVocabulary.LastReset] = row.LastReset,
            [ConditionVocabulary.Baud] = row.Baud,
            [ConditionVocabulary.Board] = row.Board,
        };
        if (row.Image.Length > 0)
            conditions[ConditionVocabulary.Image] = row.Image;
        return conditions;
    }

    /// <summary>As it may stand in a run's id.</summary>
    private static string Word(string text) => string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '_'));

    private static List<List<HistoryRow>> ChunkBy(this List<HistoryRow> rows, Func<HistoryRow, int> key)
    {
        var chunks = new List<List<HistoryRow>>();
        foreach (var row in rows)
        {
            if (chunks.Count == 0 || key(chunks[^1][0]) != key(row))
                chunks.Add([]);
            chunks[^1].Add(row);
        }
        return chunks;
    }
}
