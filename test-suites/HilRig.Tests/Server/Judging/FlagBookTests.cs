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

    [Test]
    public async Task An_edited_sequence_has_a_flag_of_its_own_and_both_keep_their_addresses_when_the_history_is_read_again()
    {
        using var live = new FlagBook();
        await live.LoadAsync(database.Runs, default);
        string[] addresses = [];
        foreach (var (number, text) in new[] { (0, "5ad3"), (1, "77e0"), (2, "5ad3") })
        {
            var run = new RunScript($"r-{number}", at: RunScript.Evening.AddHours(number), text: text);
            for (var cycle = 0; cycle < 20; cycle++)
                run.Cycle(cycle % 5 == 0 ? RunScript.CumulativeWrite : null);
            var stored = (await database.Runs.AppendAsync([run.End().Batch()], default)).Single();
            Assert.That(live.TryAdd(run.RunId, stored.From, stored.Position, stored.Samples), Is.True);
            addresses = [.. live.Read().Select(flag => flag.Id)];
            Assert.That(live.Read().Select(flag => (flag.Revision, flag.Rate.Failures)), Is.EquivalentTo(number switch
            {
                0 => new[] { ("5ad3", 4) },
                1 => [("5ad3", 4), ("77e0", 4)],
                _ => [("5ad3", 8), ("77e0", 4)],
            }));
        }

        using var again = new FlagBook();
        await again.LoadAsync(database.Runs, default);

        Assert.That(again.Read().Select(flag => flag.Id), Is.EqualTo(addresses).And.Unique);
        Assert.That(Words(again.Read()), Is.EqualTo(Words(live.Read())));
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
