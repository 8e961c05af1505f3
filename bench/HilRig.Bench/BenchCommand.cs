using System.CommandLine;
using HilRig.Agent;
using HilRig.Bench.Pages;
using HilRig.Bench.Board;
using HilRig.Bench.Chaos;
using HilRig.Bench.Corpus;
using HilRig.Bench.Histories;
using HilRig.Bench.Kboot;
using HilRig.Bench.Probe;
using HilRig.Bench.Runner;
using HilRig.Bench.Server;
using HilRig.Bench.Suite;
using HilRig.Bench.Targets;

namespace HilRig.Bench;

/// <summary>The command line of <c>./rig bench</c>; a benchmark is a verb here and an entry of <see cref="AllMeasurements"/>.</summary>
public static class BenchCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Measures HilRig; without a verb all of it, in a short form (under 15 minutes).")
        {
            TargetsCommand.Create(),
            HistoriesBench.Create(),
            JudgeBench.Create(),
            CodecBench.Create(),
            LinkBench.Create(),
            PacedBench.Create(),
            BoardBench.Create(),
            SwdBench.Create(),
            IngestBench.Create(),
            QueryBench.Create(), PagesBench.Create(),
            LiveBench.Create(),
            BringCommand.Create(),
            ProbeBench.Create(),
            RunnerBench.Create(),
            FarmBench.Create(),
            CorpusCommand.Create(),
            JournalBench.Create(),
            ChaosCommand.Create(),
            ServeCommand.Create(new JumpingClock(Environment.TickCount)),
        };
        SuiteCommand.AddTo(root);
        return root;
    }
}
