using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>What every run store promises, whichever database is beneath it.</summary>
public sealed class RunStoreContract(DatabaseKind kind) : DatabaseFixture(kind)
{
    [Test]
    public async Task Events_come_back_exactly_as_they_were_written()
    {
        var run = new RunScript("r-1").Cycle(marginal: true).Cycle(RunScript.CumulativeWrite, evidence: [new("link-trace", "last packets", "a\nb", null)]).End();
        await AppendAsync(run.Batch());
        await ReopenAsync();

        var read = await Runs.ReadEventsAsync("r-1", 0, 1000, default);

        Assert.That(read.Select(StoredText.ToJson), Is.EqualTo(run.Events.Select(StoredText.ToJson)));
        Assert.That(await Runs.ReadEventsAsync("r-1", 4, 2, default), Has.Count.EqualTo(2).And.ItemAt(0).Property("Number").EqualTo(5));
    }

    [Test]
    public async Task The_same_batch_twice_stores_each_event_once()
    {
        var run = new RunScript("r-1").Cycle();

        Assert.That((await AppendAsync(run.Batch())).Position, Is.EqualTo(run.Events.Count));
        var again = await AppendAsync(run.Batch());

        Assert.That(again, Has.Property("Position").EqualTo(run.Events.Count).And.Property("Samples").Empty);
        Assert.That(await Runs.ReadEventsAsync("r-1", 0, 1000, default), Has.Count.EqualTo(run.Events.Count));
        Assert.That((await Runs.FindRunAsync("r-1", default))!.CyclesDone, Is.EqualTo(1));
    }

    [Test]
    public async Task What_lies_beyond_a_gap_is_not_acknowledged_and_comes_in_when_the_gap_is_filled()
    {
        var run = new RunScript("r-1").Cycle();

        Assert.That((await AppendAsync(run.Batch(take: 2))).Position, Is.EqualTo(2));
        Assert.That((await AppendAsync(run.Batch(skip: 4))).Position, Is.EqualTo(2));
        Assert.That((await AppendAsync(run.Batch(skip: 1))).Position, Is.EqualTo(run.Events.Count));
        Assert.That(await Runs.FindPositionAsync("r-1", default), Is.EqualTo(run.Events.Count));
    }

    [Test]
    public async Task Order_within_a_batch_does_not_matter()
    {
        var run = new RunScript("r-1").Cycle().Cycle();
        var shuffled = run.Events.ToArray();
        new Random(58).Shuffle(shuffled);

        Assert.That((await AppendAsync(new EventBatch("r-1", 0, shuffled))).Position, Is.EqualTo(run.Events.Count));
    }

    [Test]
    public async Task Duplicated_delayed_and_reordered_batches_give_the_run_as_it_was([Values(1, 2, 3, 4, 5)] int seed)
    {
        var run = new RunScript("r-1");
        for (var cycle = 0; cycle < 40; cycle++)
            run.Cycle(cycle % 7 == 3 ? RunScript.CumulativeWrite : null);
        run.End();
        var random = new Random(seed);

        for (var position = 0L; position < run.Events.Count;)
        {
            var skip = random.Next((int)Math.Max(0, position - 20), run.Events.Count);
            var result = await AppendAsync(run.Batch(skip: random.Next(3) == 0 ? (int)position : skip, take: random.Next(1, 30)));
            Assert.That(result.Position, Is.GreaterThanOrEqualTo(position), $"seed {seed}: an acknowledgement went back");
            position = result.Position;
        }

        var read = await Runs.ReadEventsAsync("r-1", 0, 10_000, default);
        Assert.That(read.Select(runEvent => runEvent.Number), Is.EqualTo(run.Events.Select(runEvent => runEvent.Number)), $"seed {seed}");
        Assert.That(StoredText.ToJson(await Runs.FindRunAsync("r-1", default)), Is.EqualTo(StoredText.ToJson(Fold(run))), $"seed {seed}");
        Assert.That(await ReadSamplesAsync(), Has.Count.EqualTo(80), $"seed {seed}");
    }

    [Test]
    public async Task The_summary_is_the_fold_of_the_events_however_they_were_cut()
    {
        var run = new RunScript("r-1").Cycle().Cycle(RunScript.CumulativeWrite).Cycle(RunScript.Silence, Layer.Undetermined).Cycle(marginal: true).End();
        for (var number = 0; number < run.Events.Count; number++)
        {
            await AppendAsync(run.Batch(skip: number, take: 1));
            if (number == 7)
                await ReopenAsync();
        }
        Assert.That(StoredText.ToJson(await Runs.FindRunAsync("r-1", default)), Is.EqualTo(StoredText.ToJson(Fold(run))));
    }

    [Test]
    public async Task One_bad_batch_does_not_hinder_the_others_of_its_transaction()
    {
        var good = new RunScript("r-1").Cycle();
        var headless = new RunScript("r-2").Cycle();
        var stray = new EventBatch("r-3", 0, good.Events);

        var results = await Runs.AppendAsync(
            [new EventBatch("r-2", 0, [headless.Events[1] with { Number = 1 }]), stray, good.Batch()], default);

        Assert.That(results[0].Refusal, Does.Contain("r-2").And.Contain("RunStarted"));
        Assert.That(results[1].Refusal, Does.Contain("belongs to r-1"));
        Assert.That(results[2], Has.Property("Refusal").Null.And.Property("Position").EqualTo(good.Events.Count));
        Assert.That(await Runs.ListRunsAsync(10, default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Two_batches_of_one_run_in_one_transaction_follow_each_other()
    {
        var run = new RunScript("r-1").Cycle().End();

        var results = await Runs.AppendAsync([run.Batch(take: 3), run.Batch(skip: 3)], default);

        Assert.That(results.Select(result => (result.Position, result.Ended)), Is.EqualTo(new[] { (3L, false), ((long)run.Events.Count, true) }));
    }

    [Test]
    public async Task Nothing_comes_after_the_end()
    {
        var run = new RunScript("r-1").Cycle().End();
        await AppendAsync(run.Batch());
        var number = run.Events.Count + 1;

        var late = await AppendAsync(new EventBatch("r-1", 0, [new RunEvent("r-1", number, DateTimeOffset.UnixEpoch, new CycleStarted(2))]));

        Assert.That(late.Refusal, Does.Contain($"event {number} comes after its end"));
    }

    [Test]
    public async Task Samples_are_the_steps_of_the_sequence_proper_with_all_they_carry()
    {
        var run = new RunScript("r-1", hub: "usb-1").Cycle(marginal: true).Cycle(RunScript.CumulativeWrite, appAtBoot: "application");
        var appended = await AppendAsync(run.Batch());
        await ReopenAsync();

        var stored = await ReadSamplesAsync();

        Assert.That(stored.Select(StoredText.ToJson), Is.EqualTo(appended.Samples.Select(StoredText.ToJson)));
        Assert.That(stored, Has.Count.EqualTo(4).And.All.Property("Hub").EqualTo("usb-1"));
        Assert.That(stored[3].Fingerprint!.ToString(), Is.EqualTo("update · write-memory · 10203 kStatusMemoryCumulativeWrite"));
        Assert.That(stored[3].Conditions[ConditionVocabulary.AppAtBoot], Is.EqualTo("application"));
    }

    [Test]
    public async Task Failures_are_found_by_fingerprint_newest_first()
    {
        var first = new RunScript("r-1").Cycle(RunScript.CumulativeWrite).Cycle(RunScript.Silence, Layer.Undetermined);
        var second = new RunScript("r-2", at: first.Events[^1].At.AddHours(1)).Cycle().Cycle(RunScript.CumulativeWrite);
        await AppendAsync(first.Batch());
        await AppendAsync(second.Batch());
        var fingerprint = Fingerprint.Of("update", RunScript.CumulativeWrite);

        var found = await Runs.FindFailuresAsync("2.0.0+1f0c", "re-update", "5ad3", fingerprint, null, 10, default);

        Assert.That(found.Select(failure => failure.RunId), Is.EqualTo(new[] { "r-2", "r-1" }));
        Assert.That(await Runs.FindFailuresAsync("2.0.0+1f0c", "re-update", "5ad3", fingerprint with { CodeName = "as it is called by now" }, null, 10, default), Has.Count.EqualTo(2));
        Assert.That(await Runs.FindFailuresAsync("2.0.0+1f0c", "re-update", "5ad3", fingerprint, Layer.Rig, 10, default), Is.Empty);
        Assert.That(await Runs.FindFailuresAsync("another", "re-update", "5ad3", fingerprint, null, 10, default), Is.Empty);
        Assert.That(await Runs.FindFailuresAsync("2.0.0+1f0c", "re-update", "edited", fingerprint, null, 10, default), Is.Empty);
    }

    [Test]
    public async Task Cycles_carry_their_verdict_and_one_cut_short_has_none()
    {
        var run = new RunScript("r-1").Cycle().Cycle(RunScript.CumulativeWrite).Cycle();
        await AppendAsync(run.Batch(take: run.Events.Count - 1));

        var cycles = await Runs.ListCyclesAsync("r-1", 2, default);

        Assert.That(cycles.Select(mark => (mark.Cycle, mark.Verdict)), Is.EqualTo(new[] { (2, Verdict.Fail), (3, Verdict.NotSet) }));
        Assert.That(run.Events[(int)cycles[0].FirstNumber - 1].Body, Is.EqualTo(new CycleStarted(2)));
    }

    [Test]
    public async Task A_long_runs_strip_lists_what_did_not_pass_alone_and_its_cycles_are_read_from_any_on()
    {
        var run = new RunScript("r-1", cycles: 10).Cycle().Cycle(RunScript.CumulativeWrite).Cycle().Cycle(RunScript.Silence, Layer.Undetermined).Cycle(RunScript.CumulativeWrite).Cycle().Cycle();
        await AppendAsync(run.Batch(take: run.Events.Count - 1));

        var strip = await Runs.ReadStripAsync("r-1", 3, default);

        Assert.That((strip.First, strip.Last, strip.CyclesACell, strip.Cells, strip.NotPassed), Is.EqualTo((1, 7, 3, 3, 3)));
        Assert.That(strip.Odd, Is.EqualTo(new[] { new OddCell(0, Verdict.Fail, 1, 2), new OddCell(1, Verdict.Inconclusive, 1, 4), new OddCell(1, Verdict.Fail, 1, 5), new OddCell(2, Verdict.NotSet, 1, 7) }));
        Assert.That((await Runs.ListCyclesFromAsync("r-1", 5, 2, default)).Select(mark => (mark.Cycle, mark.Verdict)), Is.EqualTo(new[] { (5, Verdict.Fail), (6, Verdict.Pass) }));
        Assert.That(await Runs.ReadStripAsync("r-none", 3, default), Is.EqualTo(RunStrip.Empty));
    }

    [Test]
    public async Task Samples_of_one_run_are_read_after_a_number()
    {
        await AppendAsync(new RunScript("r-1").Cycle().Cycle().Batch());
        await AppendAsync(new RunScript("r-2").Cycle().Batch());
        var all = await ReadSamplesAsync("r-1");

        Assert.That(all, Has.Count.EqualTo(4));
        Assert.That((await ReadSamplesAsync("r-1", all[1].Number)).Select(StoredText.ToJson), Is.EqualTo(all.Skip(2).Select(StoredText.ToJson)));
    }

    [Test]
    public async Task A_text_with_a_NUL_in_it_is_stored()
    {
        var odd = RunScript.CumulativeWrite with { CodeName = "k\0Status" };

        Assert.That((await AppendAsync(new RunScript("r-1").Cycle(odd).Batch())).Position, Is.EqualTo(7));
        Assert.That(((StepEnded)(await Runs.ReadEventsAsync("r-1", 5, 1, default)).Single().Body).Failure, Is.EqualTo(odd));
    }

    [Test]
    public async Task Projections_can_be_lost_and_are_computed_from_the_events_as_they_were()
    {
        foreach (var run in SampleNight.Night(cycles: 20))
            await AppendAsync(run.Batch());
        var samples = await ReadSamplesAsync();
        var runs = await Runs.ListRunsAsync(10, default);
        var cycles = await Runs.ListCyclesAsync(runs[0].RunId, 100, default);
        var blamed = await BlamedAsync();
        await Database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync("DELETE FROM step; DELETE FROM cycle; DELETE FROM blame; DELETE FROM fingerprint; UPDATE run SET summary = '{}'", transaction: transaction),
            default);
        Assert.That(await ReadSamplesAsync(), Is.Empty);
        Assert.That(await BlamedAsync(), Is.Empty);

        var rebuilt = await new Projections(Database).RebuildAsync(default);

        Assert.That(rebuilt.Runs, Is.EqualTo(runs.Count));
        Assert.That((await ReadSamplesAsync()).Select(StoredText.ToJson), Is.EqualTo(samples.Select(StoredText.ToJson)));
        Assert.That((await Runs.ListRunsAsync(10, default)).Select(StoredText.ToJson), Is.EqualTo(runs.Select(StoredText.ToJson)));
        Assert.That(await Runs.ListCyclesAsync(runs[0].RunId, 100, default), Is.EqualTo(cycles));
        Assert.That(await BlamedAsync(), Is.EqualTo(blamed).And.Not.Empty);
    }

    private async Task<IReadOnlyList<string>> BlamedAsync() => [.. (await Runs.ListRunsAsync(new RunQuery(Layer: Layer.Product), 10, default)).Select(run => run.RunId)];

    private async Task<AppendResult> AppendAsync(EventBatch batch) => (await Runs.AppendAsync([batch], default))[0];

    private async Task<List<StepSample>> ReadSamplesAsync(string? runId = null, long after = 0)
    {
        var samples = new List<StepSample>();
        await foreach (var sample in Runs.ReadSamplesAsync(runId, after, default))
            samples.Add(sample);
        return samples;
    }

    private static RunSummary Fold(RunScript run)
    {
        var fold = new RunFold();
        foreach (var runEvent in run.Events)
            fold.Apply(runEvent);
        return fold.ToSummary();
    }
}
