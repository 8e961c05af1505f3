using System.Text;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Exports;

/// <summary>A row for each step of a run, with what held before it; for spreadsheets and scripts.</summary>
internal static class CsvExport
{
    private const string Header = "run,number,at,place,release,sequence,cycle,index,phase,step,arguments,verdict,layer,marginal,duration_ms,operation,code,code_name,message,conditions";

    public static async Task WriteAsync(Stream output, RunSummary run, IAsyncEnumerable<RunEvent> events)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        await writer.WriteLineAsync(Header);
        await foreach (var runEvent in events)
        {
            if (runEvent.Body is StepEnded step)
                await writer.WriteLineAsync(string.Join(',', Cells(run, runEvent, step).Select(ExportText.ForCsv)));
        }
    }

    private static IEnumerable<string> Cells(RunSummary run, RunEvent runEvent, StepEnded step) =>
    [
        run.RunId, $"{runEvent.Number}", $"{runEvent.At:O}", run.Started.Place, run.Started.Release, run.Started.Sequence,
        $"{step.Cycle}", $"{step.Index}", StoredText.ToText(step.Phase), step.Step, step.Arguments, StoredText.ToText(step.Verdict), StoredText.ToText(step.Layer),
        step.Marginal ? "1" : "0", $"{step.DurationMs:0.###}", step.Failure?.Operation ?? "", step.Failure?.Code ?? "", step.Failure?.CodeName ?? "", step.Failure?.Message ?? "",
        string.Join("; ", step.Conditions.OrderBy(condition => condition.Key, StringComparer.Ordinal).Select(condition => $"{condition.Key}={condition.Value}")),
    ];
}
