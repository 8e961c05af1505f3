using System.Net.Sockets;
using HilRig.VirtualBoard.Probe;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>The remote probe protocol itself, with requests that pyOCD does not make.</summary>
public class ProbeProtocolTests
{
    private ServedChip board;

    [SetUp]
    public void Serve() => board = new ServedChip();

    [TearDown]
    public async Task Stop() => await board.DisposeAsync();

    [TestCase("not json", -1, "invalid request format")]
    [TestCase("[1]", -1, "invalid request format")]
    [TestCase("{}", -1, "missing request ID")]
    [TestCase("""{"id":"x","request":"hello"}""", -1, "missing request ID")]
    [TestCase("""{"id":4}""", -1, "missing request field")]
    [TestCase("""{"id":4,"request":"read_ap","arguments":7}""", -1, "invalid request arguments format")]
    [TestCase("""{"id":4,"request":"read_ap"}""", 4, "malformed request; invalid number of arguments")]
    [TestCase("""{"id":4,"request":"read_ap","arguments":["x"]}""", 4, "argument 0 of read_ap is no 32-bit number")]
    [TestCase("""{"id":4,"request":"read_ap","arguments":[4294967296]}""", 4, "argument 0 of read_ap is no 32-bit number")]
    [TestCase("""{"id":4,"request":"write_ap_multiple","arguments":[12,[1,-1]]}""", 4, "element 1 of argument 1 of write_ap_multiple is no 32-bit number")]
    [TestCase("""{"id":4,"request":"juggle"}""", 4, "unknown request type")]
    [TestCase("""{"id":4,"request":"hello","arguments":[2]}""", 4, "client requested unsupported protocol version 2 (expected 1)")]
    [TestCase("""{"id":4,"request":"readprop","arguments":["colour"]}""", 4, "unknown property name 'colour' requested")]
    [TestCase("""{"id":4,"request":"unlock"}""", 4, "unlock without lock")]
    public async Task A_bad_line_is_answered_and_the_next_good_one_too(string line, int id, string error)
    {
        using var wire = new ProbeWire(board.Port);
        var answer = await wire.SendLineAsync(line);
        Assert.That(answer.GetProperty("status").GetInt32(), Is.EqualTo(1));
        Assert.That(answer.GetProperty("id").GetInt32(), Is.EqualTo(id));
        Assert.That(answer.GetProperty("error").GetString(), Is.EqualTo(error));
        Assert.That(await wire.StatusOfAsync("hello", 1), Is.Zero);
    }

    [Test]
    public async Task A_client_sees_no_wire_protocol_before_its_own_connect_and_after_its_disconnect()
    {
        using var other = await new ProbeWire(board.Port).PowerUpAsync();
        using var wire = new ProbeWire(board.Port);
        Assert.That((await wire.AskAsync("readprop", "wire_protocol")).TryGetProperty("result", out _), Is.False);
        await wire.AskAsync("connect", "SWD");
        Assert.That((await wire.AskAsync("readprop", "wire_protocol")).GetProperty("result").GetString(), Is.EqualTo("SWD"));
        await wire.AskAsync("disconnect");
        Assert.That((await wire.AskAsync("readprop", "wire_protocol")).TryGetProperty("result", out _), Is.False);
    }

    [Test]
    public async Task A_second_client_waits_for_the_lock_until_the_first_dies()
    {
        var first = new ProbeWire(board.Port);
        using var second = new ProbeWire(board.Port);
        await first.AskAsync("lock");
        await first.AskAsync("lock");
        var waiting = second.StatusOfAsync("lock");
        await board.RequestSeenAsync(3);
        Assert.That(await first.StatusOfAsync("unlock"), Is.Zero);
        Assert.That(waiting.IsCompleted, Is.False);
        first.Dispose();
        Assert.That(await waiting, Is.Zero);
    }

    [Test]
    public async Task A_client_that_waits_when_the_board_goes_down_is_answered_before_its_socket_closes()
    {
        var dying = new ServedChip();
        using var holder = new ProbeWire(dying.Port);
        using var waiter = new ProbeWire(dying.Port);
        await holder.AskAsync("lock");
        Assert.That(await waiter.StatusOfAsync("hello", 1), Is.Zero);
        var waiting = waiter.StatusOfAsync("lock");
        await dying.RequestSeenAsync(3);
        await dying.DisposeAsync();
        Assert.That(await waiting, Is.AnyOf(0, 2), "the lock of the holder that went first, or the news");
    }

    [Test]
    public void A_port_in_use_is_said_at_once()
    {
        using var second = new ProbeServer(board.Chip, "second");
        var failure = Assert.Throws<SocketException>(() => second.RunAsync(board.Port, CancellationToken.None))!;
        Assert.That(failure.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
    }

    [Test]
    public async Task Two_requests_in_one_segment_are_answered_one_after_the_other()
    {
        using var wire = new ProbeWire(board.Port);
        var first = await wire.SendLineAsync("{\"id\":1,\"request\":\"open\"}\n{\"id\":2,\"request\":\"flush\"}");
        Assert.That(first.GetProperty("id").GetInt32(), Is.EqualTo(1));
        Assert.That((await wire.SendLineAsync("{\"id\":3,\"request\":\"flush\"}")).GetProperty("id").GetInt32(), Is.EqualTo(2));
    }
}
