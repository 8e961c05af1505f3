using HilRig.Analysis.Rates;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>Counts by night and by cycle, on either database.</summary>
public sealed class GridStoreContract(DatabaseKind kind) : DatabaseFixture(kind)
{
    private static readonly DateTimeOffset Evening = new(2026, 1, 21, 22, 0, 0, TimeSpan.Zero);

    private GridStore Store => new(Database);

    [Test]
    public async Task A_night_goes_from_noon_to_noon_and_its_cell_adds_up_its_runs()
    {
        await AppendAsync(new RunScript("r-1", at: Evening).Cycle().Cycle(RunScript.CumulativeWrite).End());
        await AppendAsync(new RunScript("r-2", at: Evening.AddHours(8)).Cycle(RunScript.Silence, Layer.Undetermined).End());
        await AppendAsync(new RunScript("r-3", "kv58-2", at: Evening.AddHours(16)).Cycle().End());

        var grid = await Store.ReadAsync(new GridQuery(GridLines.Place, Nights: 3), default);

        Assert.That(grid.Nights, Is.EqualTo(new[] { new DateOnly(2026, 1, 20), new DateOnly(2026, 1, 21), new DateOnly(2026, 1, 22) }));
        Assert.That(grid.Lines.Select(line => line.Name), Is.EqualTo(new[] { "kv58-1", "kv58-2" }));
        Assert.That(grid.Lines[0].Cells, Is.EqualTo(new[] { new GridCell(1, Runs: 2, Cycles: 3, Failed: 1, Other: 1) }));
        Assert.That(grid.Lines[1].Cells, Is.EqualTo(new[] { new GridCell(2, Runs: 1, Cycles: 1, Failed: 0, Other: 0) }));
        Assert.That(await Store.ListRunIdsAsync(new GridQuery(GridLines.Place), "kv58-1", new DateOnly(2026, 1, 21), 10, default), Is.EqualTo(new[] { "r-2", "r-1" }));
    }

    [Test]
    public async Task What_arrives_later_counts_in_its_cell_and_a_rebuilt_projection_says_the_same()
    {
        var run = new RunScript("r-1", at: Evening).Cycle().Cycle();
        await AppendAsync(run);
        await AppendAsync(new RunScript("r-1", at: Evening).Cycle().Cycle().Cycle(RunScript.CumulativeWrite));
        var before = await Store.ReadAsync(new GridQuery(GridLines.Sequence), default);

        await new Projections(Database).RebuildAsync(default);

        Assert.That(before.Lines.Single().Cells.Single(), Is.EqualTo(new GridCell(59, 1, 3, 1, 0)));
        Assert.That((await Store.ReadAsync(new GridQuery(GridLines.Sequence), default)).Lines.Single().Cells, Is.EqualTo(before.Lines.Single().Cells));
    }

    [Test]
    public async Task Runs_by_cycle_keep_every_failure_however_many_cycles_share_a_column()
    {
        var run = new RunScript("r-1", at: Evening, cycles: 900);
        for (var cycle = 1; cycle <= 900; cycle++)
            run.Cycle(cycle == 700 ? RunScript.CumulativeWrite : null);
        await AppendAsync(run.End());
        await AppendAsync(new RunScript("r-2", "kv58-2", at: Evening.AddMinutes(5)).Cycle().End());

        var grid = await Store.ReadAsync(new GridQuery(GridLines.Run), default);
        var filtered = await Store.ReadAsync(new GridQuery(GridLines.Run, Place: "kv58-2"), default);

        Assert.That((grid.CyclesAColumn, grid.Columns), Is.EqualTo((3, 300)));
        Assert.That(grid.Lines.Select(line => line.Name), Is.EqualTo(new[] { "r-2", "r-1" }));
        Assert.That(grid.Lines[1].Cells.Where(cell => cell.Failed > 0), Is.EqualTo(new[] { new GridCell(233, 1, 3, 1, 0) }));
        Assert.That(grid.NameOf(233), Is.EqualTo("cycles 700 to 702"));
        Assert.That(filtered.Lines.Select(line => line.Name), Is.EqualTo(new[] { "r-2" }));
    }

    [Test]
    public async Task A_failure_has_its_nights_with_those_in_which_it_did_not_show()
    {
        await AppendAsync(new RunScript("r-1", at: Evening).Cycle(RunScript.CumulativeWrite).Cycle(RunScript.CumulativeWrite).End());
        await AppendAsync(new RunScript("r-2", at: Evening.AddDays(2)).Cycle().Cycle().Cycle().End());
        var flag = new Flag("f", "2.0.0+1f0c", "re-update", "5ad3", [], Fingerprint.Of("update", RunScript.CumulativeWrite), FlagClass.Observed, Wilson.Rate(2, 5), Wilson.Rate(0, 5), Evening, Evening, "", []);

        var nights = await Store.ReadHistoryAsync(flag, 30, default);

        Assert.That(nights, Is.EqualTo(new[] { new FailureNight(new DateOnly(2026, 1, 21), Wilson.Rate(2, 2)), new FailureNight(new DateOnly(2026, 1, 23), Wilson.Rate(0, 3)) }));
        Assert.That(await Store.ReadHistoryAsync(flag with { Release = "another" }, 30, default), Is.Empty);
    }

    [Test]
    public async Task A_failure_is_of_the_night_in_which_its_run_began_as_its_cycles_are()
    {
        var noon = new DateTimeOffset(2026, 1, 22, 12, 0, 0, TimeSpan.Zero);
        await AppendAsync(new RunScript("r-1", at: noon.AddMilliseconds(-800)).Cycle().Cycle(RunScript.CumulativeWrite).End());
        var flag = new Flag("f", "2.0.0+1f0c", "re-update", "5ad3", [], Fingerprint.Of("update", RunScript.CumulativeWrite), FlagClass.Observed, Wilson.Rate(1, 2), Wilson.Rate(0, 2), noon, noon, "", []);

        Assert.That(await Store.ReadHistoryAsync(flag, 30, default), Is.EqualTo(new[] { new FailureNight(new DateOnly(2026, 1, 21), Wilson.Rate(1, 2)) }));
    }

    [Test]
    public async Task Where_nothing_ran_there_is_no_line()
    {
        Assert.That(await Store.ReadAsync(new GridQuery(GridLines.Sequence), default), Has.Property("Lines").Empty.And.Property("IsCut").False);
        Assert.That(await Store.ReadAsync(new GridQuery(GridLines.Run), default), Has.Property("Lines").Empty);
    }

    private async Task AppendAsync(RunScript run) => Assert.That((await Runs.AppendAsync([run.Batch()], default)).Single().Refusal, Is.Null);
}
