using NUnit.Framework;

namespace HilRig.Tests.Chaos;

/// <summary>The checker of <c>./rig chaos</c> on histories that are wrong in each way that it looks for.</summary>
public class AlignmentTests
{
    private static readonly Commanded[] Done = [new("a", 0), new("b", 0), new("c", 0)];

    [Test]
    public void A_history_that_tells_what_the_board_did_has_nothing_left_over()
    {
        var alignment = Alignment.Of([Passed("a"), Passed("b"), Passed("c")], Done);
        Assert.That(alignment.Pairs, Has.Count.EqualTo(3));
        Assert.That(alignment.Lost.Concat(alignment.Doubled).Concat(alignment.Reordered), Is.Empty);
    }

    [Test]
    public void A_command_that_the_history_does_not_tell_is_lost() =>
        Assert.That(Found(Alignment.Of([Passed("a"), Passed("c")], Done)), Is.EqualTo((1, 0, 0)));

    [Test]
    public void A_command_that_the_history_tells_twice_is_doubled() =>
        Assert.That(Found(Alignment.Of([Passed("a"), Passed("b"), Passed("b"), Passed("c")], Done)), Is.EqualTo((0, 1, 0)));

    [Test]
    public void A_command_that_the_history_tells_elsewhere_is_reordered() =>
        Assert.That(Found(Alignment.Of([Passed("b"), Passed("c"), Passed("a")], Done)), Is.EqualTo((0, 0, 1)));

    [Test]
    public void A_step_that_nobody_saw_end_may_or_may_not_have_reached_the_board()
    {
        Assert.That(Found(Alignment.Of([Passed("a"), Begun("b"), Begun("x"), Passed("c")], Done)), Is.EqualTo((0, 0, 0)));
        Assert.That(Found(Alignment.Of([Begun("a"), Passed("a"), Passed("b"), Passed("c")], Done)), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void A_step_that_passed_by_the_history_while_the_board_refused_it_is_found() =>
        Assert.That(Found(Alignment.Of([Passed("a"), Passed("b")], [new("a", 0), new("b", 10203)])), Is.EqualTo((1, 1, 0)));

    [Test]
    public void What_a_board_logged_is_read_with_its_last_status_and_without_what_was_not_the_agents()
    {
        var log = Path.GetTempFileName();
        File.WriteAllLines(log,
        [
            "b 1 command get-property 00000001 00000000", "b 2 command write-memory 1000A000 00001800", "b 3 status 0 for write-memory", "b 4 status 10203 for write-memory",
            "b 5 command flash-erase-all 00000000 00000000", "b 6 power off", "b 7 status 0 for flash-erase-all", "b 8 command flash-erase-region 1000A000 00002000",
        ]);
        var read = BoardDiary.Read([log], line => line >= 7);
        File.Delete(log);
        Assert.That(read, Is.EqualTo(new Commanded[] { new("write-memory 1000A000 00001800", 10203), new("flash-erase-all 00000000 00000000", null) }));
    }

    [Test]
    public void A_read_that_evidence_makes_where_a_mark_failed_is_no_mark()
    {
        var log = Path.GetTempFileName();
        File.WriteAllLines(log, ["b 1 command read-memory 10080040 000000C5", "b 2 command read-memory 10080040 00000010", "b 3 status 0 for read-memory", "b 4 command read-memory 10000400 000000C5"]);
        var read = BoardDiary.Read([log], _ => false);
        File.Delete(log);
        Assert.That(read, Is.EqualTo(new Commanded[] { new("read-memory 10080040 000000C5", null) }));
    }

    private static (int Lost, int Doubled, int Reordered) Found(Alignment alignment) => (alignment.Lost.Count, alignment.Doubled.Count, alignment.Reordered.Count);

    private static Claimed Passed(string command) => new(command, true, "r-1", null);

    private static Claimed Begun(string command) => new(command, false, "r-1", null);
}
