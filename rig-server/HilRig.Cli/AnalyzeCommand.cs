using System.CommandLine;
using HilRig.Analysis.Flags;
using HilRig.Analysis.History;
using HilRig.Model;

namespace HilRig.Cli;

/// <summary><c>hilrig analyze FILE.csv</c>: says what a history amounts to. Exit code 0 whatever is flagged, 2 where the file cannot be read.</summary>
public static class AnalyzeCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "History in CSV; - reads standard input" };
        var json = new Option<bool>("--json") { Description = "Print the whole report as JSON" };
        var known = new Option<string?>("--known") { Description = "Rules of known issues (YAML), written beside the flags they are for" };
        var command = new Command("analyze", "Find flags, triggers and changes in a run history") { file, json, known };
        command.SetAction(result =>
        {
            var rules = result.GetValue(known) is { } rulesFile ? KnownIssues.Parse(rulesFile, GivenFile.Text(rulesFile, "rules of known issues")) : null;
            var report = Judge(result.GetValue(file)!);
            if (rules is not null)
                report = report.WithKnown(rules, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date));
            result.InvocationConfiguration.Output.WriteLine(result.GetValue(json) ? report.ToJson() : AnalyzeText.Of(report));
            return ExitCode.Pass;
        });
        return command;
    }

    private static HistoryReport Judge(string path)
    {
        if (path == "-")
            return HistoryAnalysis.Judge(HistoryFile.Read(Console.In, "standard input"));
        try
        {
            using var reader = new StreamReader(path);
            return HistoryAnalysis.Judge(HistoryFile.Read(reader, path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({problem.Message.TrimEnd('.')}); expected a history in CSV");
        }
    }
}
