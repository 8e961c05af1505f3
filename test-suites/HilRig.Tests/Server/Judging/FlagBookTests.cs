using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Judging;
using HilRig.Server.Storage;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Judging;

public class FlagBookTests
{
    private TestDatabase database = null!;

    [SetUp]
    public async Task Open() => database = await TestDatabase.OpenAsync(DatabaseKind.Sqlite);

    [TearDown]
    public void Close() => database?.Dispose();

    [Test]
    public async Task Flags_of_a_history_that_is_read_while_runs_go_on_are_those_of_the_whole_judged_from_scratch()
    {
        var runs = Enumerable.Range(0, 12).Select(number => Run(number, 20)).ToList();
        foreach (var run in runs)
            await database.Runs.AppendAsync([run.Batch()], default);
        using var book = new FlagBook();

        // An agent goes on with a run of before the start, another begins one, and only then the history is read.
        Assert.That(await GoOnAsync(book, runs[3]), Is.False, "the book cannot know what came before");
        await book.CatchUpAsync(database.Runs, [runs[3].RunId], default);
        Assert.That(book.Complete.IsCompleted, Is.False);
        var late = Run(99, 0);
        Assert.That(await GoOnAsync(book, late), Is.True);
        await book.LoadAsync(database.Runs, default);
        Assert.That(await GoOnAsync(book, runs[7]), Is.True, "now it does");
        await book.CatchUpAsync(database.Runs, null, default);

        Assert.That(book.Complete.IsCompleted);
        Assert.That(Words(book.Read()), Is.EqualTo(Words(FromScratch([.. runs, late]))).And.Not.Empty);
        Assert.That(book.Samples, Is.EqualTo(SampleReader.From([.. runs.SelectMany(run => run.Events), .. late.Events]).Count()));
    }

    private async Task<bool> GoOnAsync(FlagBook book, RunScript run)
    {
        run.Cycle(RunScript.CumulativeWrite, appAtBoot: "application").Cycle();
        var stored = (await database.Runs.AppendAsync([run.Batch()], default)).Single();
        return book.TryAdd(run.RunId, stored.From, stored.Position, stored.Samples);
    }

    private static IReadOnlyList<Flag> FromScratch(IReadOnlyList<RunScript> runs)
    {
        var judge = new FlagJudge();
        foreach (var sample in SampleReader.From(runs.SelectMany(run => run.Events)))
            judge.Add(sample);
        return judge.Judge();
    }

    private static RunScript Run(int number, int cycles)
    {
        var run = new RunScript($"r-{number:00}", $"kv58-{number % 3}", at: RunScript.Evening.AddHours(number));
        for (var cycle = 0; cycle < cycles; cycle++)
            run.Cycle(cycle % 7 == 0 ? RunScript.CumulativeWrite : null, appAtBoot: cycle % 7 == 0 ? "application" : "blank");
        return run;
    }

    private static IEnumerable<string> Words(IReadOnlyList<Flag> flags) => flags.Select(StoredText.ToJson);
}
