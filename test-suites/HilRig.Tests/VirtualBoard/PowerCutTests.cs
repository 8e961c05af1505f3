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
    private const int Erases = 8; // sectors of 64 KB
    private const int Operations = Erases + 64; // and the kilobytes programmed
    private static readonly byte[] Old = FirmwareImage.BuildApplication(0x10000, 1, "old", dataCache: false);
    private static readonly byte[] New = FirmwareImage.BuildApplication(0x10000, 2, "new", dataCache: false);

    [Test]
    public void An_update_of_64_KB_cut_at_every_operation_leaves_what_flash_can_leave_and_the_bootloader_answers([Values("0", "0.5", "1")] string fraction)
    {
        TestContext.Out.WriteLine($"{new Cut(1, fraction)} to {new Cut(Operations, fraction)}");
        for (var operation = 1; operation <= Operations; operation++)
        {
            var cut = new Cut(operation, fraction);
            using var board = cut.Board();
            // Less than the boot window: a torn application may look valid and would be started.
            var host = new KbootHost(board) { Patience = TimeSpan.FromSeconds(1) };
            Assert.That(host.Ping(), Is.True, $"{cut}");
            Assert.That(host.Update(App, New), Is.Null, $"{cut}: the board falls silent");
            Assert.That(CheckArray(board, cut), Is.Null, $"{cut}");
            Assert.That(host.Ping(), Is.True, $"{cut}: the bootloader answers again");
            Assert.That(host.Erase(App, New.Length), Is.EqualTo(StatusCode.Success), $"{cut}: an erase mends the torn sector");
            Assert.That(host.Write(App, New), Is.EqualTo(new WriteOutcome(New.Length, StatusCode.Success)), $"{cut}: and the update can be done");
            Assert.That(board.Array(App, New.Length), Is.EqualTo(New), $"{cut}");
            Assert.That(host.Reset(), Is.True, $"{cut}");
        }
    }

    [TestCase(12, "0.37")]
    [TestCase(3, "0.5")]
    public void The_printed_string_tears_the_same_bits_again_however_late_the_machine_is(int operation, string fraction)
    {
        var cut = new Cut(operation, fraction);
        var torn = new[] { TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(40) }.Select(lateness =>
        {
            using var board = cut.Board();
            board.Lateness = lateness;
            var host = new KbootHost(board);
            host.Ping();
            host.Update(App, New);
            return (Bits: string.Join(' ', Torn(board)), board.Log);
        }).ToList();
        Assert.That(torn[1..], Is.All.EqualTo(torn[0]));
        Assert.That(torn[0].Log, Does.Contain("power off"));
    }

    [Test]
    public void Another_seed_tears_other_bits()
    {
        var torn = new[] { 1, 2 }.Select(seed =>
        {
            using var board = new Cut(3, "0.5", seed).Board();
            var host = new KbootHost(board);
            host.Ping();
            host.Update(App, New);
            return string.Join(' ', Torn(board));
        });
        Assert.That(torn, Is.Unique);
    }

    [Test]
    public void A_cut_in_the_middle_of_an_erase_leaves_weak_bits_that_a_read_at_margin_finds()
    {
        using var board = new Cut(1, "0.5").Board();
        var host = new KbootHost(board);
        host.Ping();
        host.Update(App, New);
        Assert.That(Enumerable.Range(0, FlashArray.SectorSize).Any(index => board.Chip.Ftfe.Array.WeakBits(0xA000 + index) != 0), Is.True);
    }

    private static IEnumerable<string> Torn(BoardUnderTest board) => Enumerable.Range(0xA000, New.Length)
        .Select(offset => $"{board.Chip.Ftfe.Array.Stored(offset):X2}{board.Chip.Ftfe.Array.WeakBits(offset):X2}");

    /// <summary>Null when every byte is what the cut may have left: old, erased, new, or bits on their way between; and none beside them moved.</summary>
    private static string? CheckArray(BoardUnderTest board, Cut cut)
    {
        var (operation, isOver) = (cut.Operation, cut.Fraction == "1");
        var programmed = Math.Max(0, operation - Erases - (isOver ? 0 : 1)) * 1024;
        var erased = Math.Min(Erases, operation - (isOver ? 0 : 1)) * FlashArray.SectorSize;
        for (var index = 0; index < New.Length; index++)
        {
            var stored = board.Chip.Ftfe.Array.Stored(0xA000 + index);
            var weak = board.Chip.Ftfe.Array.WeakBits(0xA000 + index);
            var isTorn = !isOver && (operation <= Erases ? index / FlashArray.SectorSize == operation - 1 : index / 1024 == operation - 1 - Erases);
            var isRight = isTorn && operation <= Erases ? (stored & Old[index]) == Old[index] // erasing only lifts bits
                : isTorn ? (stored & New[index]) == New[index] // programming lowers none but the image's zeros
                : stored == (index < programmed ? New[index] : index < erased ? 0xFF : Old[index]) && weak == 0;
            if (!isRight)
                return $"offset 0x{index:X}: 0x{stored:X2}, weak 0x{weak:X2}";
        }
        var bootloader = FirmwareImage.BuildBootloader(Release.Default(false));
        return board.Array(KvMap.FlashStart, bootloader.Length).AsSpan().SequenceEqual(bootloader)
            && board.Array(App + (uint)New.Length, 0x4000).All(value => value == 0xFF) ? null : "beside the image something moved";
    }

    /// <summary>One cut, as it is written on the command line of <c>./rig board</c>; the board is made from what is printed.</summary>
    private sealed record Cut(int Operation, string Fraction, int Seed = 1)
    {
        private string Fault => $"power-cut:operation={Operation},fraction={Fraction}";

        public BoardUnderTest Board() => new(application: Old, options: new BoardOptions { Name = "kv58-t", Seed = Seed, Faults = [Fault] });

        public override string ToString() => $"--fault {Fault} --seed {Seed}";
    }
}
