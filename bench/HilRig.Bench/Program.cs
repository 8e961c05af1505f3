using System.CommandLine;
using HilRig.Bench;
using HilRig.Bench.Board;
using HilRig.Bench.Corpus;
using HilRig.Bench.Histories;
using HilRig.Bench.Kboot;
using HilRig.Bench.Pages;
using HilRig.Bench.Probe;
using HilRig.Bench.Runner;
using HilRig.Bench.Server;
using HilRig.Bench.Targets;

var root = new RootCommand("Measures HilRig.") { TargetsCommand.Create(), HistoriesBench.Create(), JudgeBench.Create(), CodecBench.Create(), LinkBench.Create(), PacedBench.Create(), BoardBench.Create(), SwdBench.Create(), IngestBench.Create(), QueryBench.Create(), PagesBench.Create(), LiveBench.Create(), BringCommand.Create(), ProbeBench.Create(), RunnerBench.Create(), FarmBench.Create(), CorpusCommand.Create(), JournalBench.Create() };
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message} Try: bench --help");
    return 2;
}
return await parsed.InvokeAsync();
