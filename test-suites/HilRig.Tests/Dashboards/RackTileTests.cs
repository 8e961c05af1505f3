using HilRig.Dashboards.Components;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>What the rack says of a place, from what the reader says of it.</summary>
public class RackTileTests
{
    private static readonly PlaceState Idle = new("kv58-1", "kv58", "bench-1", AgentConnected: true, RunId: null);

    [Test]
    public void Lamps_say_what_the_newest_run_found_and_nothing_where_none_would_tell()
    {
        var clean = Summary(new RunScript("r-1", at: RunScript.Evening).Cycle().End());
        var broken = Summary(new RunScript("r-2", at: RunScript.Evening.AddHours(1)).Cycle(new Failure("probe", "rig", "", "gone"), Layer.Rig).End());
        var lost = clean with { RunId = "r-3", StartedAt = RunScript.Evening.AddHours(2), CyclesDone = 0, Ended = new RunEnded(Verdict.Error, EndReason.RigLost, "no such device") { Part = "serial" } };

        Assert.That(LampsOf(Idle), Is.EqualTo("serial Unknown, probe Unknown, power Unknown"));
        Assert.That(LampsOf(Idle, clean), Is.EqualTo("serial Good, probe Good, power Good"));
        Assert.That(LampsOf(Idle with { SwitchesPower = false }, clean, broken), Is.EqualTo("serial Good, probe Bad, power NotFitted"));
        Assert.That(LampsOf(Idle, broken, lost), Is.EqualTo("serial Bad, probe Unknown, power Unknown"), "the newest alone tells");

        static string LampsOf(PlaceState place, params RunSummary[] runs) => string.Join(", ", Lamp.Of(place, runs).Select(lamp => $"{lamp.Part} {lamp.State}"));
    }

    [Test]
    public void A_board_that_needs_hands_comes_first_whatever_else_is_true_of_it()
    {
        var tiles = RackTile.Of(
            [
                Idle with { Name = "a" },
                Idle with { Name = "b", RunId = "r" },
                Idle with { Name = "c", AgentConnected = false, RunId = "r" },
                Idle with { Name = "d", Paused = "for lunch" },
                Idle with { Name = "e", OutOfRotation = "it did not come back", RunId = "r" },
            ], [], RunScript.Evening);

        Assert.That(tiles.Select(tile => $"{tile.Place.Name} {tile.State}"), Is.EqualTo(new[] { "e NeedsHands", "c Away", "a Idle", "b Running", "d Paused" }));
        Assert.That(tiles.Where(tile => tile.Action is not null).Select(tile => tile.Place.Name), Is.EqualTo(new[] { "e", "c" }));
    }

    [Test]
    public void Only_the_last_hours_count_and_a_long_run_counts_while_it_goes_on()
    {
        var old = Summary(new RunScript("r-1").Cycle(RunScript.CumulativeWrite).End());
        var running = Summary(new RunScript("r-2").Cycle().Cycle(RunScript.CumulativeWrite));

        var soon = RackTile.Of([Idle], [old, running], old.LastEventAt + TimeSpan.FromHours(1)).Single();
        var late = RackTile.Of([Idle], [old, running], old.LastEventAt + RackTile.Window + TimeSpan.FromHours(1)).Single();

        Assert.That((soon.Cycles, soon.Failed), Is.EqualTo((3, 2)));
        Assert.That((late.Cycles, late.Failed, late.LastFailing?.RunId), Is.EqualTo((2, 1, "r-2")));
    }

    [Test]
    public void The_last_failure_is_the_cycle_that_failed_and_not_what_its_run_did_since()
    {
        var script = new RunScript("r-1", cycles: 9).Cycle(RunScript.CumulativeWrite).Cycles(3);
        var failed = script.Events.First(runEvent => runEvent.Body is CycleEnded { Verdict: Verdict.Fail }).At;
        var (run, later) = (Summary(script), Summary(new RunScript("r-2", at: RunScript.Evening.AddHours(1)).Cycle().End()));
        var stopped = Summary(new RunScript("r-3", at: RunScript.Evening.AddHours(2)).End()) with { CyclesByVerdict = new Dictionary<Verdict, int> { [Verdict.Aborted] = 1 } };

        var tile = RackTile.Of([Idle], [run, later, stopped], later.LastEventAt).Single();
        var old = RackTile.Of([Idle], [run with { LastFailureAt = null }], later.LastEventAt).Single();

        Assert.That((tile.LastFailing?.RunId, tile.LastFailureAt), Is.EqualTo(("r-1", (DateTimeOffset?)failed)));
        Assert.That(run.LastEventAt, Is.GreaterThan(failed));
        Assert.That(RunFold.Resume(run).ToSummary().LastFailureAt, Is.EqualTo(failed), "a fold that goes on keeps it");
        Assert.That(old.LastFailureAt, Is.EqualTo(run.LastEventAt), "an older server did not keep it: at the latest then");
        Assert.That(RackTile.Of([Idle], [stopped], stopped.LastEventAt).Single().LastFailureAt, Is.Null, "who stops a cycle has not seen it fail");
    }

    private static RunSummary Summary(RunScript run)
    {
        var fold = new RunFold();
        foreach (var runEvent in run.Events)
            fold.Apply(runEvent);
        return fold.ToSummary();
    }
}
