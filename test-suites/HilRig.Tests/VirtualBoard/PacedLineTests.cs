using HilRig.VirtualBoard;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>A paced line keeps its own time: what this machine is late by is not the wire's.</summary>
public class PacedLineTests
{
    private const int Baud = 57_600;
    private static readonly TimeSpan ByteTime = TimeSpan.FromTicks(10 * TimeSpan.TicksPerSecond / Baud);
    private static readonly byte[] Ping = [0x5A, 0xA6];

    [Test]
    public void The_answer_to_a_byte_that_was_looked_at_late_left_when_the_byte_had_come()
    {
        using var board = PacedBoard();
        board.Send(Ping);
        board.Neglect(TimeSpan.FromMilliseconds(10));
        board.Run(TimeSpan.Zero);
        Assert.That(board.Drain(), Has.Length.EqualTo(10), "2 bytes there and 10 back take 2.1 ms, and 10 ms have passed");
    }

    [Test]
    public void Nothing_arrives_before_its_time_on_the_wire_is_over()
    {
        using var board = PacedBoard();
        board.Send(Ping);
        board.Run((ByteTime * 12) - TimeSpan.FromTicks(20));
        Assert.That(board.Drain(), Has.Length.LessThan(10));
        board.Run(TimeSpan.FromTicks(40));
        Assert.That(board.Receive(10, TimeSpan.FromMilliseconds(1)), Is.Not.Empty);
    }

    [Test]
    public void A_burst_is_waited_for_as_a_whole_and_a_pause_ends_it()
    {
        using var board = PacedBoard();
        board.Send(Ping);
        Assert.That(board.Board.NextDeadline, Is.EqualTo(board.Board.Now + (2 * ByteTime.Ticks)).Within(2), "once for both bytes");
    }

    /// <summary>The host answered late because it was served late; its bytes count as sent that much earlier, but none as arrived already.</summary>
    [Test]
    public void What_answers_bytes_that_were_handed_over_late_is_credited_at_most_one_byte_time()
    {
        using var board = PacedBoard();
        board.Send(Ping);
        board.Neglect(TimeSpan.FromMilliseconds(10));
        board.Run(TimeSpan.Zero);
        board.Drain();
        board.Send(Ping);
        Assert.That(board.Board.NextDeadline, Is.EqualTo(board.Board.Now + ByteTime.Ticks).Within(2), "the second byte; the first has just arrived");
    }

    private static BoardUnderTest PacedBoard() => new(options: new BoardOptions { Name = "kv58-t", Baud = Baud });
}
