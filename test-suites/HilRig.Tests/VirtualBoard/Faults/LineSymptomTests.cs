using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.Faults.FaultyBoard;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>Faults of the wire: what the host sees of them, and what SWD finds afterwards.</summary>
/// <remarks>Bytes from the host are counted: 2 ping, 18 command, 2 ACK of its response, 2 ACK, then 38 a data packet.</remarks>
public class LineSymptomTests
{
    private const uint App = KvMap.ApplicationStart;
    private const int FirstDataPacket = 2 + 18 + 2;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);
    private static readonly byte[] Old = FirmwareImage.BuildApplication(6144, 1, "old", dataCache: false);
    private static readonly WriteOutcome Good = new(Image.Length, StatusCode.Success);

    [Test, Symptom("line-cut", "F8 F14")]
    public void line_cut_in_the_data_phase()
    {
        using var board = Board($"line-cut:direction=in,index={FirstDataPacket + (34 * 38)},ms=1000");
        Assert.That(Connect(board).Write(App, Image), Is.Null);
        board.Send([0x5A, 0xA6]);
        Assert.That(Convert.ToHexString(board.Receive(30, TimeSpan.FromSeconds(1))), Does.StartWith("5AA7000201500000AAEA5AA3").And.Contains("13270000"), "ping answer, then A3 and 10003");
        board.Send([0x5A, 0xA1]);
        Assert.That(board.Swd.Array(App, 34 * 32), Is.EqualTo(Image[..(34 * 32)]), "what had come was flushed");
        Assert.That(board.Swd.Array(App + (34 * 32), 1024), Is.All.EqualTo(0xFF));
        Assert.That(new KbootHost(board).Write(App + 1024, Image.AsSpan(1024))!.Value.Status, Is.EqualTo(StatusCode.MemoryCumulativeWrite), "resumed without an erase");
    }

    [Test, Symptom("drop", "F15")]
    public void drop_of_the_host_ACK()
    {
        using var board = Board("drop:direction=in,index=20", Old);
        var host = Connect(board);
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.EqualTo(StatusCode.Success));
        Assert.That(host.Ping(), Is.False, "swallowed by the wait for the ACK");
        Assert.That(host.Ping(), Is.True, "the one after works");
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
    }

    [Test, Symptom("drop", "F16")]
    public void drop_of_the_device_ACK_and_a_host_that_resends_shifts_the_data()
    {
        // 10 ping answer, 2 ACK, 18 response: byte 30 begins the ACK of the first data packet.
        using var board = Board("drop:direction=out,index=30");
        var host = Connect(board);
        host.SendCommand(CommandTag.WriteMemory, App, 96);
        Assert.That(board.Receive(2), Is.EqualTo((byte[])[0x5A, 0xA1]));
        Assert.That(host.Response(), Is.Not.Null);
        host.SendFramed(PacketType.Data, Image.AsSpan(0, 32));
        Assert.That(board.Receive(2, TimeSpan.FromSeconds(5)), Is.EqualTo((byte[])[0xA1]), "half an ACK is none");
        host.SendFramed(PacketType.Data, Image.AsSpan(0, 32));
        Assert.That(board.Receive(2), Is.EqualTo((byte[])[0x5A, 0xA1]));
        host.SendFramed(PacketType.Data, Image.AsSpan(32, 32));
        Assert.That(board.Receive(2), Is.EqualTo((byte[])[0x5A, 0xA1]));
        Assert.That(host.Response()![0], Is.Zero, "status 0 with wrong content");
        Assert.That(board.Swd.Array(App, 96), Is.EqualTo((byte[])[.. Image[..32], .. Image[..32], .. Image[32..64]]));
    }

    [Test, Symptom("flip", "F17")]
    public void flip_to_the_device()
    {
        using var board = Board($"flip:direction=in,index={FirstDataPacket + 48}");
        var host = Connect(board);
        Assert.That(host.Write(App, Image), Is.EqualTo(Good));
        Assert.That(host.Resends, Is.EqualTo(1), "NAK, and a resend helps");
        Assert.That(board.Swd.Array(App, Image.Length), Is.EqualTo(Image));
    }

    [Test, Symptom("flip", "F18")]
    public void flip_to_the_host()
    {
        using var board = Board("flip:direction=out,index=20", Old);
        Connect(board).SendCommand(CommandTag.GetProperty, 1, 0);
        var answer = board.Receive(20);
        Assert.That(PacketReader.Read(answer.AsSpan(2), out _, out _), Is.EqualTo(ReadOutcome.BadCrc));
        board.Send([0x5A, 0xA2]);
        Assert.That(PacketReader.Read(board.Receive(18), out _, out _), Is.EqualTo(ReadOutcome.Packet), "sent again");
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
    }

    [Test, Symptom("drop", "F19")]
    public void drop_to_the_device_in_a_data_phase()
    {
        using var board = Board($"drop:direction=in,index={FirstDataPacket + 18}");
        Assert.That(Connect(board).Write(App, Image), Is.EqualTo(new WriteOutcome(0, StatusCode.Timeout)));
        Assert.That(board.Swd.Array(App, Image.Length), Is.All.EqualTo(0xFF));
    }

    [Test, Symptom("split", "F20")]
    public void split_in_a_data_phase()
    {
        // The pause stands before a type byte: 32 packets have been programmed by then.
        using var board = Board($"split:direction=in,index={FirstDataPacket + (33 * 38) + 1},ms=30");
        Assert.That(Connect(board).Write(App, Image), Is.EqualTo(new WriteOutcome(33 * 32, StatusCode.Timeout)));
        Assert.That(board.Swd.Array(App, 1024), Is.EqualTo(Image[..1024]), "part of the data");
        Assert.That(board.Swd.Array(App + (33 * 32), 1024), Is.All.EqualTo(0xFF));
    }

    [Test, Symptom("split", "F20")]
    public void split_to_the_host_only_delays()
    {
        using var board = Board("split:direction=out,p=0.01,ms=30");
        Assert.That(Connect(board).Update(App, Image), Is.EqualTo(Good), "a patient host");
        Assert.That(board.Swd.Array(App, Image.Length), Is.EqualTo(Image));
    }

    [Test, Symptom("flip", "F21")]
    public void flip_of_many_bytes_is_a_NAK_storm()
    {
        using var board = Board("flip:direction=in,p=0.2", Old);
        var host = new KbootHost(board);
        var naks = 0;
        for (var attempt = 0; attempt < 200; attempt++)
        {
            host.Ping();
            host.SendCommand(CommandTag.GetProperty, 1, 0);
            naks += board.Receive(2, TimeSpan.FromSeconds(0.1)) is [0x5A, 0xA2] ? 1 : 0;
        }
        Assert.That(naks, Is.GreaterThan(5));
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
    }

    [TestCase("in")]
    [TestCase("out")]
    [Symptom("delay")]
    public void delay_makes_slower_and_loses_nothing(string direction)
    {
        var times = new List<TimeSpan>();
        foreach (var fault in (string[])[$"delay:direction={direction},p=0", $"delay:direction={direction},p=0.01,ms=5"])
        {
            using var board = Board(fault);
            var host = Connect(board);
            var began = board.Board.Now;
            Assert.That(host.Update(App, Image), Is.EqualTo(Good), fault);
            times.Add(TimeSpan.FromTicks(board.Board.Now - began));
            Assert.That(board.Swd.Array(App, Image.Length), Is.EqualTo(Image), fault);
        }
        Assert.That(times[1] - times[0], Is.GreaterThan(TimeSpan.FromMilliseconds(15)));
    }

    [Test, Symptom("duplicate")]
    public void duplicate_to_the_device()
    {
        using var board = Board($"duplicate:direction=in,index={FirstDataPacket + 38 + 20}");
        var host = Connect(board);
        Assert.That(host.Write(App, Image), Is.EqualTo(Good));
        Assert.That(host.Resends, Is.EqualTo(1), "a byte too many spoils the CRC");
        Assert.That(board.Swd.Array(App, Image.Length), Is.EqualTo(Image));
    }

    [Test, Symptom("duplicate")]
    public void duplicate_to_the_host()
    {
        using var board = Board("duplicate:direction=out,index=20", Old);
        Connect(board).SendCommand(CommandTag.GetProperty, 1, 0);
        Assert.That(PacketReader.Read(board.Receive(20).AsSpan(2), out _, out _), Is.EqualTo(ReadOutcome.BadCrc));
        Assert.That(board.Drain(), Has.Length.EqualTo(1), "one byte too many");
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
    }

    [Test, Symptom("flush", "F33")]
    public void flush()
    {
        // Writes of the host: ping 0, command 1, ACK 2.
        using var board = Board("flush:index=2", Old);
        var host = new KbootHost(board) { Patience = TimeSpan.FromSeconds(5) };
        host.Ping();
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.EqualTo(StatusCode.Success), "the host thinks it has acknowledged this");
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.Null, "10004 at the host");
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.EqualTo(StatusCode.Success));
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
    }

    [Test, Symptom("deaf", "F12")]
    public void deaf()
    {
        using var board = Board("deaf", Old);
        Assert.That(new KbootHost(board).Ping(), Is.False);
        board.Run(TimeSpan.FromSeconds(6));
        Assert.That(System.Text.Encoding.ASCII.GetString(board.Drain()), Is.EqualTo("old 1.0\r\n"));
        Assert.That(board.Swd.ProgramCounter, Is.InRange(App, App + Old.Length), "the application runs");
    }
}
