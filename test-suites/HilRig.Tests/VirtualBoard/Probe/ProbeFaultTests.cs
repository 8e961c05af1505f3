using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Faults;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>Faults of the probe and its wires, as a debugger meets them.</summary>
public class ProbeFaultTests
{
    private const uint DpIdr = 0, MdmIdr = 0x010000FC;

    [Test]
    public async Task An_open_SWD_line_gives_no_acknowledge_for_a_while()
    {
        await using var board = ServedWith("probe-no-ack:index=2,for=2");
        using var wire = await new ProbeWire(board.Port).PowerUpAsync();
        Assert.That(await StatusesAsync(wire, "read_dp", DpIdr, 4), Is.EqualTo(new[] { 0, 10, 10, 0 }));
    }

    [Test]
    public async Task A_wait_storm_strikes_the_access_ports_and_lets_ABORT_through()
    {
        await using var board = ServedWith("probe-wait:index=0,for=3");
        using var wire = await new ProbeWire(board.Port).PowerUpAsync();
        Assert.That(await wire.StatusOfAsync("read_ap", MdmIdr), Is.EqualTo(11));
        Assert.That(await wire.StatusOfAsync("write_dp", 0, 1), Is.Zero);
        Assert.That(await StatusesAsync(wire, "read_ap", MdmIdr, 3), Is.EqualTo(new[] { 11, 11, 0 }));
    }

    [Test]
    public async Task A_hung_probe_answers_nobody_who_waits_and_the_next_client_normally()
    {
        await using var board = ServedWith("probe-hang:index=1");
        var stuck = new ProbeWire(board.Port);
        Assert.That(await stuck.StatusOfAsync("hello", 1), Is.Zero);
        var waiting = stuck.StatusOfAsync("open");
        await board.RequestSeenAsync(2);
        using var next = new ProbeWire(board.Port);
        Assert.That(await next.StatusOfAsync("hello", 1), Is.Zero);
        Assert.That(waiting.IsCompleted, Is.False);
        stuck.Dispose();
        Assert.That(async () => await waiting, Throws.Exception);
    }

    [Test]
    public async Task An_unplugged_probe_lets_go_of_reset_and_comes_back()
    {
        await using var board = ServedWith("probe-unplug:index=3,for=2");
        using var wire = await new ProbeWire(board.Port).PowerUpAsync();
        await wire.AskAsync("assert_reset", true);
        Assert.That(board.Chip.IsHeldInReset, Is.True);
        Assert.That(await StatusesAsync(wire, "read_dp", DpIdr, 3), Is.EqualTo(new[] { 2, 2, 0 }));
        Assert.That(board.Chip.IsHeldInReset, Is.False);
    }

    [Test]
    public void The_same_seed_strikes_the_same_requests()
    {
        const int Seed = 42;
        var runs = Enumerable.Range(0, 2).Select(_ => Read("probe-no-ack:p=0.2", Seed)).Select(faults => Enumerable.Range(0, 200).Select(_ => faults.Strike(ProbeUse.DebugPort)).ToArray()).ToArray();
        Assert.That(runs[0], Is.EqualTo(runs[1]));
        Assert.That(runs[0].Count(kind => kind is not null), Is.InRange(20, 60));
    }

    [Test]
    public async Task PyOCD_names_each_fault_in_its_own_words()
    {
        await using (var board = ServedWith("probe-no-ack:index=0,for=1000"))
            Assert.That(await PyOcd.CommandAsync(board.Port, "status"), Does.Contain("No ACK received"));
        await using (var board = ServedWith("probe-wait:index=0,for=1000"))
            Assert.That(await PyOcd.CommandAsync(board.Port, "status"), Does.Contain("status code 11"));
        await using (var board = ServedWith("probe-unplug:index=30,for=1000"))
            Assert.That(await PyOcd.CommandAsync(board.Port, "status"), Does.Contain("status code 2"));
    }

    private static ServedChip ServedWith(string fault) => new(Read(fault, seed: 1));

    /// <summary>As the command line arms them, on a board that is not otherwise used.</summary>
    private static ProbeFaults Read(string fault, int seed) => new Board(new BoardOptions { Name = "unused", Seed = seed, Faults = [fault] }, TimeProvider.System).ProbeFaults;

    private static async Task<int[]> StatusesAsync(ProbeWire wire, string request, uint address, int count)
    {
        var statuses = new int[count];
        for (var i = 0; i < count; i++) statuses[i] = await wire.StatusOfAsync(request, address);
        return statuses;
    }
}
