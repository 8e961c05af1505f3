using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The supply goes in the middle of any flash operation: what is left must follow from flash, and the bootloader must be there again.</summary>
public class PowerCutTests
{
    private const uint App = KvMap.ApplicationStart;
    private const int Operations = 8 + 64; // sectors erased and kilobytes programmed by an update of 64 KB
    private static readonly byte[] Old = FirmwareImage.BuildApplication(0x10000, 1, "old", dataCache: false);
    private static readonly byte[] New = FirmwareImage.BuildApplication(0x10000, 2, "new", dataCache: false);

    [Test]
    public void An_update_of_64_KB_cut_at_every_operation_leaves_what_flash_can_leave_and_the_bootloader_answers([Values("0", "0.5", "1")] string fraction)
    {
        for (var operation = 1; operation <= Operations; operation++)
        {
            // The string that replays it: ./rig board --fault … --seed …
            var replay = $"power-cut:operation={operation},fraction={fraction} --seed {operation}";
            using var board = Board(operation, fraction);
            // Less than the boot window: a torn application may look valid and would be started.
            var host = new KbootHost(board) { Patience = TimeSpan.FromSeconds(1) };
            Assert.That(host.Ping(), Is.True, replay);
            Assert.That(host.Update(App, New), Is.Null, $"{replay}: the board falls silent");
            Assert.That(CheckArray(board, operation, fraction), Is.Null, replay);
            Assert.That(host.Ping(), Is.True, $"{replay}: the bootloader answers again");
            Assert.That(host.Erase(App, New.Length), Is.EqualTo(StatusCode.Success), $"{replay}: an erase mends the torn sector");
            if (operation % 8 == 0)
                Assert.That(host.Write(App, New)?.Status, Is.EqualTo(StatusCode.Success), $"{replay}: and the update can be done");
        }
    }

    [Test]
    public void The_same_string_tears_the_same_bits()
    {
        var torn = Enumerable.Range(0, 2).Select(_ =>
        {
            using var board = Board(12, "0.37");
            var host = new KbootHost(board);
            host.Ping();
            host.Update(App, New);
            return (Convert.ToHexString(board.Array(App, New.Length)), board.Log);
        }).ToList();
        Assert.That(torn[0], Is.EqualTo(torn[1]));
        Assert.That(torn[0].Log, Does.Contain("power off"));
    }

    [Test]
    public void A_cut_in_the_middle_of_an_erase_leaves_weak_bits_that_an_erase_verify_at_margin_finds()
    {
        using var board = Board(1, "0.5");
        var host = new KbootHost(board);
        host.Ping();
        host.Update(App, New);
        Assert.That(Enumerable.Range(0, FlashArray.SectorSize).Any(index => board.Chip.Ftfe.Array.WeakBits(0xA000 + index) != 0), Is.True);
    }

    private static BoardUnderTest Board(int operation, string fraction) =>
        new(application: Old, options: new BoardOptions { Name = "kv58-t", Seed = operation, Faults = [$"power-cut:operation={operation},fraction={fraction}"] });

    /// <summary>Null when every byte is what the cut may have left: old, erased, new, or bits on their way between.</summary>
    private static string? CheckArray(BoardUnderTest board, int operation, string fraction)
    {
        var programmed = Math.Max(0, operation - 8 - (fraction == "1" ? 0 : 1)) * 1024;
        var erased = Math.Min(8, operation - (fraction == "1" ? 0 : 1)) * FlashArray.SectorSize;
        for (var index = 0; index < New.Length; index++)
        {
            var stored = board.Chip.Ftfe.Array.Stored(0xA000 + index);
            var isTorn = operation <= 8 ? index / FlashArray.SectorSize == operation - 1 : index / 1024 == operation - 9;
            var isRight = isTorn && operation <= 8 ? (stored & Old[index]) == Old[index] // erasing only lifts bits
                : isTorn ? (stored & New[index]) == New[index] // programming lowers none but the image's zeros
                : stored == (index < programmed ? New[index] : index < erased ? 0xFF : Old[index]);
            if (!isRight)
                return $"offset 0x{index:X}: 0x{stored:X2}";
        }
        return null;
    }
}
