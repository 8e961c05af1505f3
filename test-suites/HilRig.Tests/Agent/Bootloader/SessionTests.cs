using HilRig.Agent.Bootloader;
using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>Beginnings, ends and interruptions of sessions with the virtual board in manual time.</summary>
public class SessionTests
{
    private const uint Address = 0x1000_A000;

    private ManualTime time = null!;
    private BoardLink link = null!;
    private BootloaderClient client = null!;

    [SetUp]
    public void Start()
    {
        time = new ManualTime();
        link = new BoardLink(time);
        client = new BootloaderClient(link, new BootloaderTimeouts(), time);
    }

    [TearDown]
    public async Task EndAsync()
    {
        await client.DisposeAsync();
        link.Dispose();
    }

    [Test]
    public async Task A_command_without_a_ping_opens_the_session_itself()
    {
        Assert.That(await client.GetPropertyAsync(PropertyTag.BootloaderVersion, 0, default), Is.EqualTo(new[] { 0x4B02_0000u }));
        Assert.That(client.Counters.Resynchronisations, Is.EqualTo(1));
        Assert.That(client.Counters.Irregularities, Is.Zero);
    }

    /// <summary>F14: the device answers the ping and then speaks of the command that died (EC 29).</summary>
    [Test]
    public async Task The_first_command_after_a_session_that_died_in_a_data_phase_is_not_lost()
    {
        await DieInWriteAsync();
        await using var successor = new BootloaderClient(link, new BootloaderTimeouts(), time);
        await successor.PingAsync(default);
        Assert.That(await successor.GetPropertyAsync(PropertyTag.FlashSectorSize, 0, default), Is.EqualTo(new[] { 0x2000u }));
        Assert.That(successor.Counters.UnsolicitedPackets, Is.EqualTo(2), "ACK_ABORT and the response 10003 of the dead write");
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task A_machine_that_stood_still_has_heard_no_silence(int bytesThere)
    {
        await client.PingAsync(default);
        link.ToHost = (_, packet) =>
        {
            link.ToHost = BoardLink.Undisturbed;
            time.Advance(TimeSpan.FromSeconds(10));
            return [new(TimeSpan.Zero, packet[..bytesThere]), new(TimeSpan.FromMilliseconds(20), packet[bytesThere..])];
        };
        await client.FlashEraseRegionAsync(Address, 0x2000, default);
        Assert.That((client.Counters.Standstills, client.Counters.Irregularities), Is.EqualTo((1L, 0L)));

        link.ToHost = (_, _) =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return [];
        };
        Assert.That(() => client.FlashEraseRegionAsync(Address, 0x2000, default), Throws.InstanceOf<LinkSilenceException>(), "a dead board stays silent afterwards");
    }

    [Test]
    public async Task Silence_names_the_operation_the_deadline_and_the_bytes()
    {
        await client.PingAsync(default);
        link.ToDevice = (_, _) => [];
        var error = (await Assert.ThrowsAsync<LinkSilenceException>(() => client.FlashEraseRegionAsync(Address, 0x2000, default)))!;
        Assert.That(error.Message, Is.EqualTo("no ACK for FlashEraseRegion within 2.23 s (0 bytes received)"));
        Assert.That((error.Operation, error.Waited), Is.EqualTo(("flash-erase-region", TimeSpan.FromSeconds(2.23))));
    }

    [Test]
    public async Task An_unanswered_ping_is_repeated_once_and_counted()
    {
        link.ToDevice = (number, packet) => number == 0 ? [] : Piece.Of(packet);
        await client.PingAsync(default);
        Assert.That(client.Counters.ExtraPings, Is.EqualTo(1));
    }

    [Test]
    public async Task A_dead_board_costs_a_ping_two_deadlines_and_no_more()
    {
        link.ToDevice = (_, _) => [];
        var error = (await Assert.ThrowsAsync<LinkSilenceException>(() => client.PingAsync(default)))!;
        Assert.That(error.Message, Is.EqualTo("no ping response within 1 s (0 bytes received); 2 pings sent"));
        Assert.That(TimeSpan.FromTicks(time.GetTimestamp()), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_refused_erase_carries_the_status_in_words()
    {
        await client.PingAsync(default);
        var error = (await Assert.ThrowsAsync<BootloaderStatusException>(() => client.FlashEraseRegionAsync(0x1000_0000, 0x2000, default)))!;
        Assert.That(error.Message, Is.EqualTo("FlashEraseRegion ended with status 10200 kStatusMemoryRangeInvalid"));
    }

    /// <summary>EC 11: the 32nd data packet is answered by ACK_ABORT, as blhost's "Wrote 992 of 2048" says.</summary>
    [Test]
    public async Task A_write_to_flash_that_is_not_erased_ends_after_992_bytes()
    {
        await client.PingAsync(default);
        await client.WriteMemoryAsync(Address, new byte[2048], default);
        var error = (await Assert.ThrowsAsync<BootloaderStatusException>(() => client.WriteMemoryAsync(Address, new byte[2048], default)))!;
        Assert.That((error.Status, error.BytesTransferred), Is.EqualTo((StatusCode.MemoryCumulativeWrite, 992)));
        Assert.That(client.Counters.Irregularities, Is.Zero, "the board said no on a clean line");
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(63)]
    public async Task A_cancelled_write_ends_its_data_phase_and_leaves_the_device_ready(int afterPackets)
    {
        using var cancellation = new CancellationTokenSource();
        await client.PingAsync(default);
        await client.FlashEraseRegionAsync(Address, 0x2000, default);
        var data = 0;
        link.ToDevice = (_, packet) =>
        {
            if (packet[1] == (byte)PacketType.Data && data++ == afterPackets)
                cancellation.Cancel();
            return Piece.Of(packet);
        };
        await Assert.CatchAsync<OperationCanceledException>(() => client.WriteMemoryAsync(Address, new byte[4096], cancellation.Token));
        Assert.That(client.Trace.Snapshot()[^1].Describe(), Is.EqualTo("ACK"), "of the response that ends the aborted write");
        Assert.That(await client.GetPropertyAsync(PropertyTag.MaxPacketSize, 0, default), Is.EqualTo(new[] { 32u }));
        Assert.That(client.Counters.UnsolicitedPackets, Is.Zero);
    }

    [Test]
    public async Task A_cancelled_read_is_aborted_and_leaves_the_device_ready()
    {
        using var cancellation = new CancellationTokenSource();
        await client.PingAsync(default);
        var data = 0;
        link.ToHost = (_, packet) =>
        {
            if (packet[1] == (byte)PacketType.Data && data++ == 3)
                cancellation.Cancel();
            return Piece.Of(packet);
        };
        await Assert.CatchAsync<OperationCanceledException>(() => client.ReadMemoryAsync(Address, 4096, cancellation.Token));
        Assert.That(await client.GetPropertyAsync(PropertyTag.MaxPacketSize, 0, default), Is.EqualTo(new[] { 32u }));
        Assert.That(client.Counters.UnsolicitedPackets, Is.Zero);
    }

    [Test]
    public async Task A_damaged_response_is_asked_for_again_before_any_ACK()
    {
        await client.PingAsync(default);
        var (_, before) = link.Packets;
        link.ToHost = (number, packet) =>
        {
            if (number == before + 1)
                packet[^1] ^= 0x40;
            return Piece.Of(packet);
        };
        Assert.That(await client.GetPropertyAsync(PropertyTag.FlashSizeInBytes, 0, default), Is.EqualTo(new[] { 0x10_0000u }));
        Assert.That((client.Counters.BadCrcs, client.Counters.NaksSent), Is.EqualTo((1L, 1L)));
        Assert.That(
            client.Trace.Snapshot().Select(packet => packet.Describe()),
            Is.SupersetOf(new[] { "frame with a bad CRC, 18 bytes", "NAK" }));
    }

    [Test]
    public async Task Damage_without_end_is_given_up_after_the_bound()
    {
        await client.PingAsync(default);
        link.ToHost = (_, packet) =>
        {
            if (packet.Length > 2)
                packet[^1] ^= 0x40;
            return Piece.Of(packet);
        };
        await Assert.ThrowsAsync<LinkProtocolException>(() => client.GetPropertyAsync(PropertyTag.FlashSizeInBytes, 0, default));
        Assert.That(client.Counters.NaksSent, Is.EqualTo(5));
    }

    [Test]
    public async Task Zero_byte_transfers_have_no_data_phase_and_a_final_response()
    {
        await client.PingAsync(default);
        await client.WriteMemoryAsync(Address, default, default);
        Assert.That(await client.ReadMemoryAsync(Address, 0, default), Is.Empty);
        Assert.That(client.Counters.Irregularities, Is.Zero);
    }

    [Test]
    public async Task After_a_reset_the_next_command_pings_first()
    {
        await client.PingAsync(default);
        await client.ResetAsync(default);
        Assert.That(await client.GetPropertyAsync(PropertyTag.FlashSectorSize, 0, default), Is.EqualTo(new[] { 0x2000u }));
        Assert.That(client.Counters.UnsolicitedPackets, Is.Zero);
    }

    /// <summary>It may have been carried out with only its answer lost: sent again it would be carried out twice.</summary>
    [Test]
    public async Task The_first_command_after_a_reset_is_sent_once_even_where_nobody_answers_it()
    {
        await client.PingAsync(default);
        await client.ResetAsync(default);
        var commands = 0;
        link.ToDevice = (_, packet) => packet[1] == (byte)PacketType.Command && ++commands > 0 ? [] : Piece.Of(packet);

        await Assert.ThrowsAsync<LinkSilenceException>(() => client.FlashEraseRegionAsync(Address, 0x2000, default));

        Assert.That((commands, client.Counters.Resends), Is.EqualTo((1, 0L)));
    }

    private async Task DieInWriteAsync()
    {
        await using var victim = new BootloaderClient(link, new BootloaderTimeouts(), time);
        await victim.PingAsync(default);
        await victim.FlashEraseRegionAsync(Address, 0x2000, default);
        var data = 0;
        link.ToDevice = (_, packet) => packet[1] == (byte)PacketType.Data && ++data > 10 ? [] : Piece.Of(packet);
        await Assert.ThrowsAsync<LinkSilenceException>(() => victim.WriteMemoryAsync(Address, new byte[2048], default));
        link.ToDevice = BoardLink.Undisturbed;
    }
}
