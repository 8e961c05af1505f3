using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>How runs are listed, whichever database is beneath.</summary>
public sealed class RunListContract(DatabaseKind kind) : DatabaseFixture(kind)
{
    [Test]
    public async Task Runs_are_listed_newest_first_and_an_unknown_one_is_nobody()
    {
        foreach (var hour in new[] { 2, 1, 3 })
            await AppendAsync(new RunScript($"r-{hour}", at: DateTimeOffset.UnixEpoch.AddHours(hour)).Batch());

        Assert.That((await Runs.ListRunsAsync(2, default)).Select(run => run.RunId), Is.EqualTo(new[] { "r-3", "r-2" }));
        Assert.That(await Runs.FindRunAsync("r-9", default), Is.Null);
        Assert.That(await Runs.FindPositionAsync("r-9", default), Is.Zero);
    }

    [Test]
    public async Task Runs_are_listed_page_by_page_and_by_what_they_are_of()
    {
        for (var number = 1; number <= 6; number++)
        {
            // Two runs each begin at the same moment, on places of their own.
            var run = new RunScript($"r-{number}", $"kv58-{number % 2}", at: RunScript.Evening.AddMinutes(number / 2)).Cycle(number == 3 ? RunScript.CumulativeWrite : null);
            await AppendAsync(run.Batch());
        }
        async Task<string> ListAsync(RunQuery query, int limit = 10) => string.Join(' ', (await Runs.ListRunsAsync(query, limit, default)).Select(run => run.RunId));

        Assert.That(await ListAsync(new(), 4), Is.EqualTo("r-6 r-5 r-4 r-3"));
        Assert.That(await ListAsync(new(Before: "r-3"), 4), Is.EqualTo("r-2 r-1"));
        Assert.That(await ListAsync(new(Place: "kv58-1", Before: "r-5")), Is.EqualTo("r-3 r-1"));
        Assert.That(await ListAsync(new(Verdict: Verdict.Fail)), Is.EqualTo("r-3"));
        Assert.That(await ListAsync(new(Release: "2.0.0+1f0c", Sequence: "re-update", Verdict: Verdict.Pass), 2), Is.EqualTo("r-6 r-5"));
        Assert.That(await ListAsync(new(Release: "another")) + await ListAsync(new(Before: "r-none")) + await ListAsync(new(Place: "a\0b")), Is.Empty);
    }

    [Test]
    public async Task Runs_by_blame_come_newest_first_page_by_page_and_each_once()
    {
        for (var number = 0; number < 6; number++)
        {
            var run = new RunScript($"r-{number}", at: RunScript.Evening.AddHours(number)).Cycle().Cycle(number % 2 == 0 ? RunScript.Silence : RunScript.CumulativeWrite, number % 2 == 0 ? Layer.Rig : Layer.Product);
            await AppendAsync(run.Batch());
            await AppendAsync(run.Cycle(RunScript.Silence, Layer.Rig).End().Batch(skip: 13));
        }

        Assert.That(await ListAsync(new RunQuery(Layer: Layer.Rig), 4), Is.EqualTo(new[] { "r-5", "r-4", "r-3", "r-2" }));
        Assert.That(await ListAsync(new RunQuery("r-2", Layer: Layer.Rig), 4), Is.EqualTo(new[] { "r-1", "r-0" }));
        Assert.That(await ListAsync(new RunQuery(Layer: Layer.Product, StartedFrom: RunScript.Evening.AddHours(2)), 4), Is.EqualTo(new[] { "r-5", "r-3" }));
        Assert.That(await ListAsync(new RunQuery(Layer: Layer.Sequence), 4), Is.Empty);

        async Task<IEnumerable<string>> ListAsync(RunQuery query, int limit) => (await Runs.ListRunsAsync(query, limit, default)).Select(run => run.RunId);
    }

    private async Task AppendAsync(EventBatch batch) => await Runs.AppendAsync([batch], default);
}
