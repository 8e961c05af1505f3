using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>SW-DP, AHB-AP and MDM-AP by register, as ADIv5 and the Kinetis manuals describe them.</summary>
public class DebugPortTests
{
    private const uint MdmStatus = 0x01000000, MdmControl = 0x01000004, MdmIdr = 0x010000FC;
    private const int Fault = 12;

    private ServedChip board;
    private ProbeWire wire;

    [SetUp]
    public async Task Serve()
    {
        board = new ServedChip();
        wire = await new ProbeWire(board.Port).PowerUpAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        wire.Dispose();
        await board.DisposeAsync();
    }

    [TestCase(0x50000F00u, 0xF0000F00u)]
    [TestCase(0x10000F00u, 0x30000F00u)]
    [TestCase(0x00000F00u, 0x00000F00u)]
    public async Task Power_up_acknowledges_follow_their_requests(uint written, uint read)
    {
        await wire.WriteAsync("write_dp", 4, written);
        Assert.That(await wire.ReadAsync("read_dp", 4), Is.EqualTo(read));
    }

    [Test]
    public async Task An_access_without_debug_power_faults()
    {
        await wire.WriteAsync("write_dp", 4, 0);
        Assert.That(await wire.StatusOfAsync("read_ap", 0xFC), Is.EqualTo(Fault));
    }

    [Test]
    public async Task A_fault_sticks_until_ABORT_clears_it()
    {
        await wire.PointAsync(0x60000000);
        Assert.That(await wire.StatusOfAsync("read_ap", ProbeWire.Drw), Is.EqualTo(Fault));
        Assert.That(await wire.StatusOfAsync("read_ap", 0xFC), Is.EqualTo(Fault));
        Assert.That(await wire.ReadAsync("read_dp", 4) & 0x20, Is.Not.Zero);
        await wire.WriteAsync("write_dp", 0, 0x1E);
        Assert.That(await wire.ReadAsync("read_dp", 4) & 0x20, Is.Zero);
        Assert.That(await wire.ReadAsync("read_ap", 0xFC), Is.EqualTo(0x74770001));
    }

    [Test]
    public async Task An_absent_access_port_reads_zero() => Assert.That(await wire.ReadAsync("read_ap", 0x020000FC), Is.Zero);

    [Test]
    public async Task The_address_wraps_at_1_KB_as_the_IDR_promises()
    {
        await wire.PokeAsync(0x20000400, 0x11111111);
        await wire.PokeAsync(0x200007FC, 0x22222222);
        await wire.PointAsync(0x200007FC);
        var words = (await wire.AskAsync("read_ap_multiple", ProbeWire.Drw, 2)).GetProperty("result").EnumerateArray().Select(word => word.GetUInt32());
        Assert.That(words, Is.EqualTo(new[] { 0x22222222u, 0x11111111u }));
        Assert.That(await wire.ReadAsync("read_ap", ProbeWire.Tar), Is.EqualTo(0x20000404));
    }

    [Test]
    public async Task A_block_that_runs_out_of_memory_faults_and_the_address_tells_where()
    {
        await wire.PointAsync(0x2001FFF8);
        board.Chip.Hole = 0x2001FFFC;
        Assert.That(await wire.StatusOfAsync("read_ap_multiple", ProbeWire.Drw, 2), Is.EqualTo(Fault));
        await wire.WriteAsync("write_dp", 0, 0x1E);
        Assert.That(await wire.ReadAsync("read_ap", ProbeWire.Tar), Is.EqualTo(0x2001FFFC));
    }

    [Test]
    public async Task Bytes_and_halfwords_travel_on_their_lanes()
    {
        await wire.PokeAsync(0x20000000, 0x44332211);
        await wire.PointAsync(0x20000001, size: 0);
        Assert.That(await wire.ReadAsync("read_ap", ProbeWire.Drw), Is.EqualTo(0x00002200));
        Assert.That(await wire.ReadAsync("read_ap", ProbeWire.Drw), Is.EqualTo(0x00330000));
        await wire.PointAsync(0x20000002, size: 1);
        await wire.WriteAsync("write_ap", ProbeWire.Drw, 0xBEEF0000);
        Assert.That(await wire.PeekAsync(0x20000000), Is.EqualTo(0xBEEF2211));
    }

    [Test]
    public async Task A_size_beyond_a_word_does_not_stick()
    {
        await wire.WriteAsync("write_ap", ProbeWire.Csw, 0x03000013);
        Assert.That(await wire.ReadAsync("read_ap", ProbeWire.Csw), Is.EqualTo(0x03000052));
    }

    [Test]
    public async Task HPROT_bit_3_chooses_between_the_cache_and_the_array()
    {
        board.Chip.Cached[BareChip.Flash + 0x2000] = 0x00;
        Assert.That(await wire.PeekAsync(BareChip.Flash + 0x2000, protection: 0x03), Is.EqualTo(0xFFFFFFFF));
        Assert.That(await wire.PeekAsync(BareChip.Flash + 0x2000, protection: 0x0B), Is.EqualTo(0xFFFFFF00));
    }

    [Test]
    public async Task A_secured_part_shows_its_MDM_and_nothing_else()
    {
        board.Chip.IsSecured = true;
        Assert.That(await wire.ReadAsync("read_ap", MdmStatus), Is.EqualTo(0x3E));
        Assert.That(await wire.ReadAsync("read_ap", 0xFC), Is.EqualTo(0x74770001));
        await wire.PointAsync(BareChip.Flash);
        Assert.That(await wire.StatusOfAsync("read_ap", ProbeWire.Drw), Is.EqualTo(Fault));
    }

    [Test]
    public async Task In_reset_only_the_private_peripheral_bus_answers()
    {
        await wire.AskAsync("assert_reset", true);
        Assert.That((await wire.AskAsync("is_reset_asserted")).GetProperty("result").GetBoolean(), Is.True);
        Assert.That(await wire.ReadAsync("read_ap", MdmStatus), Is.EqualTo(0x32));
        Assert.That(await wire.PeekAsync(0xE000ED00), Is.EqualTo(0x411FC270));
        await wire.PointAsync(BareChip.Flash);
        Assert.That(await wire.StatusOfAsync("read_ap", ProbeWire.Drw), Is.EqualTo(Fault));
    }

    [Test]
    public async Task A_probe_that_lets_go_releases_the_reset_pin()
    {
        await wire.AskAsync("assert_reset", true);
        await wire.AskAsync("disconnect");
        Assert.That(board.Chip.IsHeldInReset, Is.False);
        Assert.That(board.Chip.Resets[^1], Is.EqualTo(ResetCause.Pin));
    }

    [Test]
    public async Task Mass_erase_is_acknowledged_and_opens_the_part()
    {
        board.Chip.IsSecured = true;
        await wire.WriteAsync("write_ap", MdmControl, 1);
        Assert.That(await wire.ReadAsync("read_ap", MdmControl), Is.Zero);
        Assert.That(await wire.ReadAsync("read_ap", MdmStatus), Is.EqualTo(0x3B));
        Assert.That(await wire.PeekAsync(BareChip.Flash + 0x40C), Is.EqualTo(0xFFFFFFFE));
    }

    [Test]
    public async Task Mass_erase_stays_in_progress_until_the_flash_is_ready()
    {
        await wire.WriteAsync("write_ap", MdmControl, 1);
        board.Chip.IsFlashReady = false;
        Assert.That(await wire.ReadAsync("read_ap", MdmControl), Is.EqualTo(1));
        board.Chip.IsFlashReady = true;
        Assert.That(await wire.ReadAsync("read_ap", MdmControl), Is.Zero);
    }

    [Test]
    public async Task Mass_erase_is_never_acknowledged_where_it_is_disabled()
    {
        board.Chip.IsSecured = true;
        board.Chip.IsMassEraseEnabled = false;
        await wire.WriteAsync("write_ap", MdmControl, 1);
        Assert.That(await wire.ReadAsync("read_ap", MdmStatus), Is.EqualTo(0x1E));
        Assert.That(await wire.ReadAsync("read_ap", MdmControl), Is.EqualTo(1));
        Assert.That(board.Chip.FlashBytes[0], Is.Zero);
    }

    [Test]
    public async Task The_MDM_identifies_a_Kinetis() => Assert.That(await wire.ReadAsync("read_ap", MdmIdr) & ~0xF0u, Is.EqualTo(0x001C0000));

    [Test]
    public async Task A_system_reset_request_of_the_MDM_holds_the_core_until_it_is_taken_back()
    {
        await wire.WriteAsync("write_ap", MdmControl, 8);
        Assert.That(board.Chip.Resets[^1], Is.EqualTo(ResetCause.DebugPort));
        Assert.That(await wire.ReadAsync("read_ap", MdmStatus) & 8, Is.Zero);
        Assert.That(board.Chip.Core.IsRunning, Is.False);
        await wire.WriteAsync("write_ap", MdmControl, 0);
        Assert.That(board.Chip.Core.IsRunning, Is.True);
    }

    [Test]
    public async Task Hold_and_debug_request_halt_the_core_before_its_first_instruction()
    {
        await wire.PokeAsync(0xE000EDF0, 0xA05F0001);
        await wire.AskAsync("assert_reset", true);
        await wire.WriteAsync("write_ap", MdmControl, 0x14);
        await wire.AskAsync("assert_reset", false);
        Assert.That(board.Chip.Core.IsRunning, Is.False);
        await wire.WriteAsync("write_ap", MdmControl, 0x04);
        Assert.That(await wire.ReadAsync("read_ap", MdmStatus), Is.EqualTo(0x1003A));
        Assert.That(board.Chip.Core.Registers.ProgramCounter, Is.EqualTo(BareChip.ResetHandler & ~1u));
        Assert.That(await wire.PeekAsync(0xE000ED30) & 0x10, Is.Not.Zero, "DFSR.EXTERNAL");
    }

    [Test]
    public async Task Without_power_nothing_acknowledges_and_after_it_the_debug_domain_is_off()
    {
        board.Chip.SetPower(false);
        Assert.That(await wire.StatusOfAsync("read_dp", 0), Is.EqualTo(10));
        Assert.That(await wire.StatusOfAsync("read_ap", 0xFC), Is.EqualTo(10));
        board.Chip.SetPower(true);
        Assert.That(await wire.ReadAsync("read_dp", 4), Is.Zero);
        Assert.That(await wire.StatusOfAsync("read_ap", 0xFC), Is.EqualTo(Fault));
    }
}
