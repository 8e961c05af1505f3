using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>Where NXP's code does not do what NXP's manual says, the code is right (facts: kboot §12).</summary>
public class CodeNotManualTests
{
    private const uint App = KvMap.ApplicationStart;

    [TestCase(App, 0x2004u, StatusCode.FlashAlignmentError, TestName = "Erase_wants_multiples_of_32_not_of_4")]
    [TestCase(App + 0x20, 0x20u, StatusCode.Success, TestName = "And_takes_any_multiple_of_32")]
    [TestCase(0x20010000u, 0x2000u, StatusCode.FlashAddressError, TestName = "Erase_in_RAM_is_102")]
    [TestCase(0x40020000u, 0x20u, StatusCode.FlashAddressError, TestName = "Erase_of_a_device_is_102")]
    [TestCase(0x30000000u, 0x2000u, StatusCode.MemoryRangeInvalid, TestName = "Erase_nowhere_is_10200_not_102")]
    [TestCase(0x30000000u, 0u, StatusCode.Success, TestName = "Erase_of_nothing_nowhere_is_0")]
    [TestCase(0x10000000u, 0x2000u, StatusCode.MemoryRangeInvalid, TestName = "Erase_of_the_bootloader_is_10200")]
    [TestCase(App, 0x00100000u, StatusCode.MemoryRangeInvalid, TestName = "Erase_over_the_end_is_10200")]
    public void Erase(uint address, uint length, StatusCode expected)
    {
        using var board = Board(out var host);
        Assert.That(host.Status(CommandTag.FlashEraseRegion, address, length), Is.EqualTo(expected));
    }

    [Test]
    public void An_erase_of_32_bytes_wipes_their_whole_sector()
    {
        using var board = Board(out var host);
        host.Write(App, new byte[64]);
        Assert.That(host.Status(CommandTag.FlashEraseRegion, App + 0x20, 0x20), Is.EqualTo(StatusCode.Success));
        Assert.That(board.Array(App, 64), Is.All.EqualTo(0xFF));
    }

    [Test]
    public void Reading_where_nothing_is_promises_everything_first_and_then_sends_an_empty_packet_and_the_error()
    {
        using var board = Board(out var host);
        Assert.That(host.Command(CommandTag.ReadMemory, 0x30000000, 64), Is.EqualTo(new uint[] { 0, 64 }));
        Assert.That(board.Receive(6), Is.EqualTo(Convert.FromHexString("5AA50000FC4B")));
        board.Send([0x5A, 0xA1]);
        Assert.That(host.Response(), Is.EqualTo(new uint[] { (uint)StatusCode.MemoryRangeInvalid, (uint)CommandTag.ReadMemory }));
    }

    [Test]
    public void It_NAKs_and_resends_without_limit()
    {
        using var board = Board(out var host);
        host.SendCommand(CommandTag.GetProperty, 1, 0);
        var first = board.Receive(2 + 18);
        for (var round = 0; round < 50; round++)
        {
            board.Send([0x5A, 0xA2]);
            Assert.That(board.Receive(18), Is.EqualTo(first[2..]), $"round {round}");
        }
        board.Send([0x5A, 0xA1]);
        for (var round = 0; round < 50; round++)
        {
            board.Send(Convert.FromHexString("5AA40C00FFFF070000020100000000000000"));
            Assert.That(board.Receive(2), Is.EqualTo((byte[])[0x5A, 0xA2]), $"round {round}");
        }
    }

    [TestCase(CommandTag.ReceiveSbFile, StatusCode.Success)]
    [TestCase(CommandTag.SetProperty, StatusCode.InvalidPropertyValue)]
    [TestCase(CommandTag.FlashSecurityDisable, StatusCode.FlashAccessError)]
    [TestCase(CommandTag.Reset, StatusCode.Success)]
    [TestCase(CommandTag.WriteMemory, StatusCode.SecurityViolation)]
    [TestCase(CommandTag.FlashEraseAll, StatusCode.SecurityViolation)]
    [TestCase(CommandTag.FlashProgramOnce, StatusCode.SecurityViolation)]
    [TestCase(CommandTag.Execute, StatusCode.SecurityViolation)]
    [TestCase(CommandTag.Call, StatusCode.SecurityViolation)]
    [TestCase(CommandTag.FillMemory, StatusCode.SecurityViolation)]
    public void Six_commands_work_on_a_secured_part_and_an_SB_file_is_one_of_them(CommandTag tag, StatusCode expected)
    {
        using var board = Board(out var host, "fsec");
        Assert.That(host.Status(tag, (uint)PropertyTag.VerifyWrites, 8, 1), Is.EqualTo(expected));
    }

    [Test]
    public void A_command_no_KV58_has_is_answered_by_its_own_tag()
    {
        using var board = Board(out var host);
        foreach (var tag in new uint[] { 0x11, 0x12, 0x13, 0x7F, 0xC1 })
            Assert.That(host.Command((CommandTag)tag), Is.EqualTo(new[] { (uint)StatusCode.UnknownCommand, tag }));
    }

    private static BoardUnderTest Board(out KbootHost host, params string[] faults)
    {
        var board = new BoardUnderTest(options: new BoardOptions { Name = "kv58-t", Faults = faults });
        host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True);
        return board;
    }
}
