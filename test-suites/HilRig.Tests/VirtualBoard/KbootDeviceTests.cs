using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The rules of facts/kboot.md that the recorded transcripts do not reach.</summary>
public class KbootDeviceTests
{
    private const uint App = KvMap.ApplicationStart;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(3000, 2, "app", dataCache: false);

    [Test]
    public void A_command_before_the_first_ping_is_lost_and_a_ping_helps_only_after_80_ms()
    {
        using var board = new BoardUnderTest();
        var host = new KbootHost(board) { Patience = TimeSpan.FromMilliseconds(10) };
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.Null);
        board.Send([0x5A, 0xA6]);
        Assert.That(board.Receive(10, TimeSpan.FromMilliseconds(50)), Is.Empty, "the measurement is spoiled");
        board.Run(TimeSpan.FromMilliseconds(81));
        Assert.That(host.Ping(), Is.True);
    }

    [Test]
    public void After_autobaud_another_rate_is_not_understood_until_a_reset()
    {
        using var board = new BoardUnderTest { Baud = 19200 };
        Assert.That(new KbootHost(board).Ping(), Is.True);
        board.Baud = 57600;
        Assert.That(new KbootHost(board).Ping(), Is.False);
        board.Chip.Reset(ResetCause.Pin);
        Assert.That(new KbootHost(board).Ping(), Is.True);
    }

    [TestCase(20, true)]
    [TestCase(150, false)]
    public void A_field_has_its_budget_as_a_whole(int pause, bool isGood)
    {
        using var board = Connected(out _);
        var frame = Convert.FromHexString("5AA40C004B33070000020100000000000000");
        board.Send(frame.AsSpan(0, 8));
        board.Run(TimeSpan.FromMilliseconds(pause)); // 12 bytes have 120 ms together
        board.Send(frame.AsSpan(8));
        Assert.That(board.Receive(2, TimeSpan.FromSeconds(1)), isGood ? Is.EqualTo((byte[])[0x5A, 0xA1]) : Is.Empty);
    }

    [Test]
    public void A_board_that_was_itself_late_takes_the_bytes_that_wait_for_it()
    {
        using var board = Connected(out _);
        var frame = Convert.FromHexString("5AA40C004B33070000020100000000000000");
        board.Send(frame.AsSpan(0, 8));
        board.Neglect(TimeSpan.FromSeconds(1));
        board.Send(frame.AsSpan(8));
        Assert.That(board.Receive(2, TimeSpan.FromSeconds(1)), Is.EqualTo((byte[])[0x5A, 0xA1]));
    }

    [TestCase(PropertyTag.FlashSizeInBytes, 0u, 0x100000u)]
    [TestCase(PropertyTag.AvailablePeripherals, 0u, 0x0Fu)]
    [TestCase(PropertyTag.AvailableCommands, 0u, 0xFFFFu)]
    [TestCase(PropertyTag.RamStartAddress, 1u, 0x20000000u)]
    [TestCase(PropertyTag.RamSizeInBytes, 2u, 0x10000u)]
    [TestCase(PropertyTag.RamStartAddress, 3u, 0x10000u, TestName = "A_bank_beyond_the_third_reads_what_lies_behind_the_table")]
    [TestCase(PropertyTag.FlashReadMargin, 0u, 1u)]
    [TestCase(PropertyTag.TargetVersion, 0u, 0x54010000u)]
    public void A_property_has_the_codes_value(PropertyTag tag, uint index, uint expected)
    {
        using var board = Connected(out var host);
        Assert.That(host.Command(CommandTag.GetProperty, (uint)tag, index), Is.EqualTo(new uint[] { 0, expected }));
    }

    [Test]
    public void The_unique_id_over_KBOOT_has_12_bytes_and_is_the_one_that_SWD_reads()
    {
        using var board = Connected(out var host);
        var words = host.Command(CommandTag.GetProperty, (uint)PropertyTag.UniqueDeviceId, 0)!;
        var swd = board.Array(SystemIntegration.UniqueIdAddress, 16);
        Assert.That(words[1..], Is.EqualTo(new[] { BitConverter.ToUInt32(swd, 12), BitConverter.ToUInt32(swd, 8), BitConverter.ToUInt32(swd, 4) }));
        using var other = new BoardUnderTest(options: new BoardOptions { Name = "kv58-u" });
        Assert.That(other.Chip.SystemIntegration.UniqueId, Is.Not.EqualTo(board.Chip.SystemIntegration.UniqueId));
    }

    [TestCase(0x001C0020u)]
    [TestCase(0x001C0030u)]
    public void The_revision_of_the_MDM_AP_is_the_boards(uint identification)
    {
        using var board = new BoardUnderTest(options: new BoardOptions { Name = "kv58-t", MdmIdentification = identification });
        Assert.That(board.Swd.MdmIdentification, Is.EqualTo(identification));
    }

    [TestCase(0x12u, StatusCode.UnknownProperty)]
    [TestCase(0x15u, StatusCode.UnknownProperty)]
    [TestCase(0x01u, StatusCode.ReadOnlyProperty)]
    public void Setting_a_property_answers_as_the_code_does(uint tag, StatusCode expected)
    {
        using var board = Connected(out var host);
        Assert.That(host.Status(CommandTag.SetProperty, tag, 0), Is.EqualTo(expected));
    }

    [Test]
    public void Fill_memory_uses_the_write_buffer_and_its_checks()
    {
        using var board = Connected(out var host);
        Assert.That(host.Status(CommandTag.FillMemory, App, 64, 0x12345678), Is.EqualTo(StatusCode.Success));
        Assert.That(BitConverter.ToUInt32(board.Array(App + 60, 4)), Is.EqualTo(0x12345678));
        Assert.That(host.Status(CommandTag.FillMemory, App, 64, 0), Is.EqualTo(StatusCode.MemoryCumulativeWrite));
        Assert.That(host.Status(CommandTag.FillMemory, App + 4, 64, 0), Is.EqualTo(StatusCode.FlashAlignmentError));
    }

    [Test]
    public void A_write_past_the_end_programs_the_part_that_fitted()
    {
        using var board = Connected(out var host);
        Assert.That(host.Write(KvMap.FlashEnd - 64, new byte[128]), Is.EqualTo(new WriteOutcome(64, StatusCode.MemoryRangeInvalid)));
        Assert.That(board.Array(KvMap.FlashEnd - 64, 64), Is.All.EqualTo(0));
    }

    [Test]
    public void Program_once_works_once()
    {
        using var board = Connected(out var host);
        Assert.That(host.Status(CommandTag.FlashProgramOnce, 3, 8, 0x11223344, 0x55667788), Is.EqualTo(StatusCode.Success));
        Assert.That(host.Command(CommandTag.FlashReadOnce, 3, 8), Is.EqualTo(new uint[] { 0, 8, 0x11223344, 0x55667788 }));
        Assert.That(host.Status(CommandTag.FlashProgramOnce, 3, 8, 0, 0), Is.EqualTo(StatusCode.FlashAccessError));
    }

    [Test]
    public void The_version_resource_has_8_bytes()
    {
        using var board = Connected(out var host);
        Assert.That(host.Command(CommandTag.FlashReadResource, 8, 8, 1), Is.EqualTo(new uint[] { 0, 8 }));
        Assert.That(board.Receive(14)[1], Is.EqualTo((byte)PacketType.Data));
    }

    [TestCase("FE", 0x01020304u, StatusCode.FlashAccessError, TestName = "Without_backdoor_no_key_opens")]
    [TestCase("BF", 0x01020304u, StatusCode.Success, TestName = "With_backdoor_the_right_key_opens")]
    [TestCase("BF", 0x01020305u, StatusCode.FlashAccessError, TestName = "With_backdoor_a_wrong_key_does_not")]
    public void The_backdoor(string security, uint low, StatusCode expected)
    {
        var bootloader = FirmwareImage.BuildBootloader(Release.Default(false));
        Convert.FromHexString("0102030405060708FFFFFFFF" + security).CopyTo(bootloader, 0x400);
        using var board = new BoardUnderTest(bootloader: bootloader);
        var host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True);
        Assert.That(host.Status(CommandTag.FlashSecurityDisable, low, 0x05060708), Is.EqualTo(expected));
        var read = host.Command(CommandTag.ReadMemory, App, 0)![0];
        Assert.That(read, Is.EqualTo(expected == StatusCode.Success || security == "FE" ? 0 : (uint)StatusCode.SecurityViolation));
    }

    [TestCase(0x20000001u, 0x20010000u, StatusCode.InvalidArgument, TestName = "A_stack_in_DTCM_is_refused")]
    [TestCase(0x40000001u, 0u, StatusCode.InvalidArgument, TestName = "An_entry_in_a_peripheral_is_refused")]
    [TestCase(0x2F000001u, 0x8000u, StatusCode.Success, TestName = "A_stack_in_ITCM_is_accepted")]
    public void Execute(uint entry, uint stack, StatusCode expected)
    {
        using var board = Connected(out var host);
        Assert.That(host.Status(CommandTag.Execute, entry, 0, stack), Is.EqualTo(expected));
    }

    [Test]
    public void Call_gives_the_functions_result()
    {
        using var board = Connected(out var host);
        host.Write(0x2F000000, [0x70, 0x47]); // BX LR
        Assert.That(host.Status(CommandTag.Call, 0x2F000001, 77), Is.EqualTo((StatusCode)77));
    }

    [Test]
    public void With_ECC_what_is_programmed_twice_is_a_bus_fault_and_the_bootloader_hangs_on_it()
    {
        using var board = new BoardUnderTest(options: new BoardOptions { Name = "kv58-t", HasEcc = true });
        var host = new KbootHost(board);
        host.Ping();
        host.Write(App, new byte[32]);
        board.Chip.Ftfe.Array.Program(0xA000, [0x00, 1, 2, 3, 4, 5, 6, 7]);
        Assert.That(board.Chip.TryRead(App, 4, BusView.Array, out _), Is.False);
        Assert.That(host.Read(App, 32), Is.Empty);
        Assert.That(host.Ping(), Is.False);
    }

    [Test]
    public void A_halted_core_answers_nothing_and_only_the_FIFO_keeps_what_comes()
    {
        using var board = Connected(out var host);
        board.Chip.TryWrite(0xE000EDF0, 4, 0xA05F0003, BusView.Array);
        Assert.That(host.Ping(), Is.False);
        board.Chip.TryWrite(0xE000EDF0, 4, 0xA05F0001, BusView.Array);
        board.Run(TimeSpan.FromMilliseconds(1));
        Assert.That(board.Drain(), Has.Length.EqualTo(10), "the ping waited in the FIFO");
    }

    [TestCase(ResetCause.Pin, 0x40, 0x00)]
    [TestCase(ResetCause.SystemResetRequest, 0x00, 0x04)]
    [TestCase(ResetCause.Watchdog, 0x20, 0x00)]
    [TestCase(ResetCause.DebugPort, 0x00, 0x08)]
    [TestCase(ResetCause.CoreOnly, 0x82, 0x00, TestName = "A_core_only_reset_leaves_the_cause_alone")]
    public void Each_reset_leaves_its_cause(ResetCause cause, int srs0, int srs1)
    {
        using var board = new BoardUnderTest();
        board.Chip.Reset(cause);
        Assert.That(board.Array(ResetControl.Base, 2), Is.EqualTo(new[] { (byte)srs0, (byte)srs1 }));
    }

    [Test]
    public void The_boot_pin_keeps_the_board_in_the_bootloader()
    {
        using var board = new BoardUnderTest(application: Image);
        board.Board.Supply.DriveLines(1);
        board.Chip.Reset(ResetCause.Pin);
        board.Run(TimeSpan.FromSeconds(10));
        Assert.That(new KbootHost(board).Ping(), Is.True);
    }

    [Test]
    public void The_same_seed_and_inputs_give_the_same_log()
    {
        var logs = Enumerable.Range(0, 2).Select(_ =>
        {
            var options = new BoardOptions { Name = "kv58-t", Seed = 5, Faults = ["flip:p=0.01", "weak-cells:p=0.3", "garbage-line:p=0.3"] };
            using var board = new BoardUnderTest(dcache: true, application: Image, options: options);
            for (var round = 0; round < 20; round++)
            {
                var host = new KbootHost(board) { Patience = TimeSpan.FromSeconds(1) };
                host.Ping();
                host.Update(App, Image);
            }
            return board.Log;
        }).ToList();
        Assert.That(logs[0], Is.EqualTo(logs[1]).And.Length.GreaterThan(500));
    }

    private static BoardUnderTest Connected(out KbootHost host)
    {
        var board = new BoardUnderTest();
        host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True);
        return board;
    }
}
