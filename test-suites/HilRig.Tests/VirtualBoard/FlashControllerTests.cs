using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The FTFE's register file, driven by a debugger while the bootloader idles (facts: kboot §9).</summary>
public class FlashControllerTests
{
    private const uint App = 0xA000; // from the start of flash, as the controller counts
    private const uint ReadOnes = 0x01000000, ProgramCheck = 0x02000000, ProgramPhrase = 0x07000000, EraseSector = 0x09000000, ProgramSection = 0x0B000000, EraseAllUnsecure = 0x49000000;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    [Test]
    public void A_weak_bit_reads_by_chance_at_normal_level_and_fails_at_user_and_factory_margin()
    {
        using var board = new BoardUnderTest();
        board.Chip.Ftfe.Array.Weaken((int)App + 0x100, 0x10);
        var passes = Enumerable.Range(0, 60).Count(_ => ReadsOnes(board, margin: 0));
        Assert.That(passes, Is.InRange(5, 55), "normal level");
        Assert.That(Enumerable.Range(0, 60).Any(_ => ReadsOnes(board, margin: 1)), Is.False, "user margin");
        Assert.That(Enumerable.Range(0, 60).Any(_ => ReadsOnes(board, margin: 2)), Is.False, "factory margin");
        board.Swd.Flash(EraseSector | App);
        board.Run(Long);
        Assert.That(ReadsOnes(board, margin: 2), Is.True, "an erase mends it");
    }

    [Test]
    public void A_phrase_a_section_and_a_sector_take_their_time_and_count_wear()
    {
        using var board = new BoardUnderTest();
        var swd = board.Swd;
        var wear = board.Chip.Ftfe.Array.Wear((int)App / FlashArray.SectorSize);
        swd.Flash(EraseSector | App);
        Assert.That(swd.FlashStatus & Ftfe.Ccif, Is.Zero, "it runs");
        Assert.That(swd.Array(KvMap.ApplicationStart, 4), Is.All.Zero, "reading meanwhile is void");
        Assert.That(swd.FlashStatus & Ftfe.RdColErr, Is.Not.Zero);
        board.Run(Long);
        Assert.That(swd.FlashStatus & Ftfe.Ccif, Is.Not.Zero);
        Assert.That(board.Chip.Ftfe.Array.Wear((int)App / FlashArray.SectorSize), Is.EqualTo(wear + 1));
        swd.Flash(ProgramPhrase | App, 0x44332211, 0x88776655);
        board.Run(Long);
        for (var word = 0u; word < 64; word += 4)
            swd.Write(0x18000000 + word, 0x01010101 * word);
        swd.Flash(ProgramSection | (App + 0x40), 0x0002FFFF);
        board.Run(Long);
        Assert.That(swd.Array(KvMap.ApplicationStart, 8), Is.All.EqualTo(0xFF), "the speculation buffer has the line from boot");
        swd.Write(FlashBuffer.Base + 4, 0x3008001F); // PFB0CR.S_INV
        Assert.That(BitConverter.ToUInt64(swd.Array(KvMap.ApplicationStart, 8)), Is.EqualTo(0x8877665544332211));
        Assert.That(BitConverter.ToUInt32(swd.Array(KvMap.ApplicationStart + 0x40 + 60, 4)), Is.EqualTo(0x3C3C3C3C));
        swd.Flash(ProgramCheck | App, 0x01FFFFFF, 0x44332211);
        Assert.That(swd.FlashStatus & Ftfe.MgStat0, Is.Zero);
        swd.Flash(ProgramCheck | App, 0x01FFFFFF, 0x44332210);
        Assert.That(swd.FlashStatus & Ftfe.MgStat0, Is.Not.Zero, "a bit differs");
    }

    [TestCase(ReadOnes | (App + 8), 0x000100FFu, Ftfe.AccErr, TestName = "An_address_off_its_alignment_is_ACCERR")]
    [TestCase(0x5A000000u, 0u, Ftfe.AccErr, TestName = "A_command_that_does_not_exist_is_ACCERR")]
    [TestCase(ProgramPhrase | 0x100000u, 0u, Ftfe.AccErr, TestName = "An_address_beyond_flash_is_ACCERR")]
    public void Launching(uint command, uint second, byte expected)
    {
        using var board = new BoardUnderTest();
        board.Swd.Flash(command, second);
        Assert.That(board.Swd.FlashStatus & 0x31, Is.EqualTo(expected));
    }

    [Test]
    public void Protection_can_be_added_until_the_next_reset_and_is_FPVIOL()
    {
        using var board = new BoardUnderTest();
        board.Swd.Write(Ftfe.Base + 0x10, 0xFFFFFFFE);
        board.Swd.Write(Ftfe.Base + 0x10, 0xFFFFFFFF);
        board.Swd.Flash(ProgramPhrase | 0x6000);
        Assert.That(board.Swd.FlashStatus & Ftfe.FpViol, Is.Not.Zero, "a zero cannot be written back to one");
        board.Chip.Reset(ResetCause.Pin);
        board.Swd.Flash(ProgramPhrase | 0x6000);
        Assert.That(board.Swd.FlashStatus & Ftfe.FpViol, Is.Zero);
    }

    [Test]
    public void Erase_all_unsecure_by_SWD_leaves_an_open_blank_part()
    {
        using var board = new BoardUnderTest();
        board.Swd.Flash(EraseAllUnsecure);
        board.Run(Long);
        Assert.That(board.Swd.Array(KvMap.FlashStart + 0x400, 16), Is.EqualTo(Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFF")));
        Assert.That(board.Swd.Mdm & 4, Is.Zero);
    }

    [Test]
    public void Wear_and_the_program_once_field_survive_a_power_cycle()
    {
        using var board = new BoardUnderTest();
        var host = new KbootHost(board);
        host.Ping();
        host.Status(CommandTag.FlashProgramOnce, 0, 8, 1, 2);
        for (var round = 0; round < 3; round++)
            host.Erase(KvMap.ApplicationStart, 0x2000);
        board.Board.Supply.Switch(false);
        board.Board.Supply.Switch(true);
        host.Ping();
        Assert.That(host.Command(CommandTag.FlashReadOnce, 0, 8), Is.EqualTo(new uint[] { 0, 8, 1, 2 }));
        Assert.That(board.Chip.Ftfe.Array.Wear((int)App / FlashArray.SectorSize), Is.EqualTo(3));
    }

    private static bool ReadsOnes(BoardUnderTest board, uint margin)
    {
        board.Swd.Flash(ReadOnes | App, 0x010000FF | (margin << 8)); // 256 units of 32 bytes
        return (board.Swd.FlashStatus & Ftfe.MgStat0) == 0;
    }
}
