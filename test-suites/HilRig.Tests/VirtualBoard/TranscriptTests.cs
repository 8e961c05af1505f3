using HilRig.VirtualBoard;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>NXP's own core, recorded byte for byte, is what the virtual board is held to.</summary>
public class TranscriptTests
{
    [Test]
    public void The_edge_cases_are_answered_byte_for_byte() => Replay("kboot-cases-1-21.txt", atLeast: 90);

    [Test]
    public void The_sessions_of_NXPs_host_tool_are_answered_byte_for_byte() => Replay("kboot-update-trace.txt", atLeast: 150);

    [Test]
    public void The_edge_cases_are_answered_byte_for_byte_on_a_line_paced_to_57600_baud() =>
        Replay("kboot-cases-1-21.txt", atLeast: 90, new BoardOptions { Name = "kv58-t", Baud = 57600 });

    private static void Replay(string name, int atLeast, BoardOptions? options = null)
    {
        using var board = new BoardUnderTest(options: options);
        var answers = 0;
        foreach (var line in Transcript.Read(name))
        {
            if (line.IsFromHost)
            {
                if (line.Time is { } due && due.Ticks > board.Board.Now)
                    board.Run(TimeSpan.FromTicks(due.Ticks - board.Board.Now));
                board.Send(line.Bytes);
                continue;
            }
            if (line.Bytes.Length == 0)
                board.Run(TimeSpan.FromSeconds(0.5));
            var got = board.Receive(line.Bytes.Length);
            Assert.That(Convert.ToHexString(got), Is.EqualTo(Convert.ToHexString(line.Bytes)), $"case '{line.Case}', answer {answers}");
            answers++;
        }
        board.Run(TimeSpan.FromSeconds(0.5));
        Assert.That(board.Drain(), Is.Empty, "bytes nobody asked for");
        Assert.That(answers, Is.AtLeast(atLeast), "the transcript was not read whole");
    }
}
