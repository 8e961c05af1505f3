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

    private static RunSummary Summary(RunScript run)
    {
        var fold = new RunFold();
        foreach (var runEvent in run.Events)
            fold.Apply(runEvent);
        return fold.ToSummary();
    }
}
