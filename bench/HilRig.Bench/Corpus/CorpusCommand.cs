using System.CommandLine;
using HilRig.Bench.Targets;
using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary><c>bench corpus</c>: injects every labelled fault on virtual boards and counts whom the agent accuses.</summary>
internal static class CorpusCommand
{
    public static Command Create()
    {
        var repeats = new Option<int>("--repeats") { Description = "Runs of each fault that had something to judge", DefaultValueFactory = _ => 25 };
        var seed = new Option<int>("--seed") { Description = "Replays every draw", DefaultValueFactory = _ => 1 };
        var only = new Option<string[]>("--fault") { Description = "Only faults whose name contains this", AllowMultipleArgumentsPerToken = true };
        var parallel = new Option<int>("--parallel") { Description = "Runs side by side", DefaultValueFactory = _ => Environment.ProcessorCount + 1 };
        var file = new Option<string?>("--log") { Description = "Keeps each run in this file; a campaign that was broken off goes on from it" };
        var document = new Option<string?>("--write") { Description = "Put the matrix into this document, between its two marks" };
        var command = new Command("corpus", "Measure how often the agent blames the wrong layer, over a corpus of labelled faults") { repeats, seed, only, parallel, file, document };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);
            MarkedTable.Require(parsed.GetValue(document), "corpus");
            var words = parsed.GetValue(only) ?? [];
            var faults = LabelledFault.All.Where(fault => words.Length == 0 || words.Any(word => fault.Name.Contains(word, StringComparison.Ordinal))).ToList();
            var log = TrialLog.Open(parsed.GetValue(file));
            var campaign = new FaultCampaign(faults, parsed.GetValue(repeats), parsed.GetValue(seed), log, result => output.WriteLine(InWords(result)));
            await campaign.RunAsync(parsed.GetValue(parallel), cancellationToken);
            var table = string.Join('\n', new ConfusionMatrix(log.Results).Lines());
            output.WriteLine(table);
            if (parsed.GetValue(document) is { } path)
                MarkedTable.Write(path, "corpus", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `./rig bench corpus --repeats {parsed.GetValue(repeats)} --seed {parsed.GetValue(seed)}`:\n\n{table}");
        });
        return command;
    }

    private static string InWords(TrialResult result)
    {
        var mark = result.IsVoid ? "void" : result.Said == result.Truth ? "ok" : result.Said is Layer.None or Layer.Undetermined ? "--" : "WRONG";
        return $"{mark,-5} {result.Truth} called {result.Said}: {result.Fault} #{result.Draw} ({result.Seconds:0.0} s) {result.Because}";
    }
}
