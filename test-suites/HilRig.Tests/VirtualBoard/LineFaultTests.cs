using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Faults;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.FaultyBoard;

namespace HilRig.Tests.VirtualBoard;

/// <summary>What happens to bytes on the line: what the host sees of it, and what SWD finds afterwards.</summary>
public class LineFaultTests
{
    private const uint App = KvMap.ApplicationStart;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);

    [Test]
    public void autobaud_error_F13()
    {
        using var board = FaultyBoard.Board("autobaud-error:ratio=1.1");
        var host = new KbootHost(board);
        Assert.That(host.Ping() || host.Ping(), Is.False);
    }

    [Test]
    public void line_cut_in_the_data_phase_F14()
    {
        // 2 ping, 18 command, 2 ACK: the host dies at the second data packet.
        using var board = FaultyBoard.Board("line-cut:direction=in,index=60,ms=1000");
        var host = Connect(board);
        Assert.That(host.Write(App, Image), Is.Null);
        board.Send([0x5A, 0xA6]);
        Assert.That(Convert.ToHexString(board.Receive(30, TimeSpan.FromSeconds(1))), Does.StartWith("5AA7000201500000AAEA5AA3").And.Contains("13270000"), "ping answer, then A3 and 10003");
    }

    [Test]
    public void drop_of_the_host_ACK_F15()
    {
        // 2 ping, 18 command: byte 20 is the first of the ACK.
        using var board = FaultyBoard.Board("drop:direction=in,index=20");
        var host = Connect(board);
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.EqualTo(StatusCode.Success));
        Assert.That(host.Ping(), Is.False, "swallowed by the wait for the ACK");
        Assert.That(host.Ping(), Is.True, "the one after works");
    }

    [Test]
    public void drop_of_the_device_ACK_F16()
    {
        // 10 ping answer: byte 10 is the first of the ACK.
        using var board = FaultyBoard.Board("drop:direction=out,index=10");
        var host = Connect(board);
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.Null);
    }

    [Test]
    public void flip_to_the_device_F17()
    {
        using var board = FaultyBoard.Board("flip:direction=in,index=10");
        Connect(board).SendCommand(CommandTag.GetProperty, 1, 0);
        Assert.That(board.Receive(2), Is.EqualTo((byte[])[0x5A, 0xA2]), "NAK");
        new KbootHost(board).SendCommand(CommandTag.GetProperty, 1, 0);
        Assert.That(board.Receive(2), Is.EqualTo((byte[])[0x5A, 0xA1]), "a resend helps");
    }

    [Test]
    public void flip_to_the_host_F18()
    {
        using var board = FaultyBoard.Board("flip:direction=out,index=20");
        Connect(board).SendCommand(CommandTag.GetProperty, 1, 0);
        var answer = board.Receive(20);
        Assert.That(PacketReader.Read(answer.AsSpan(2), out _, out _), Is.EqualTo(ReadOutcome.BadCrc));
        board.Send([0x5A, 0xA2]);
        Assert.That(PacketReader.Read(board.Receive(18), out _, out _), Is.EqualTo(ReadOutcome.Packet), "sent again");
    }

    [Test]
    public void drop_to_the_device_in_a_data_phase_F19()
    {
        using var board = FaultyBoard.Board("drop:direction=in,index=40");
        Assert.That(Connect(board).Write(App, Image), Is.EqualTo(new WriteOutcome(0, StatusCode.Timeout)));
    }

    [Test]
    public void split_F20()
    {
        using var board = FaultyBoard.Board("split:direction=in,index=23,ms=30");
        Assert.That(Connect(board).Write(App, Image), Is.EqualTo(new WriteOutcome(0, StatusCode.Timeout)));
    }

    [Test]
    public void flip_of_every_byte_is_a_NAK_storm_F21()
    {
        using var board = FaultyBoard.Board("flip:direction=in,p=0.2");
        var host = new KbootHost(board);
        var naks = 0;
        for (var attempt = 0; attempt < 200; attempt++)
        {
            host.Ping();
            host.SendCommand(CommandTag.GetProperty, 1, 0);
            naks += board.Receive(2, TimeSpan.FromSeconds(0.1)) is [0x5A, 0xA2] ? 1 : 0;
        }
        Assert.That(naks, Is.GreaterThan(5));
    }
}
