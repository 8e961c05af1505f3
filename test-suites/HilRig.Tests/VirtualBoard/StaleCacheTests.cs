using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The forum's story (facts: kboot §8): none of it is written anywhere, it comes out of flash, cache lines and KBOOT's order of work.</summary>
public class StaleCacheTests
{
    private const uint App = KvMap.ApplicationStart;
    private static readonly byte[] Old = FirmwareImage.BuildApplication(6144, 1, "old", dataCache: false);
    private static readonly byte[] New = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);
    private static readonly WriteOutcome Stale = new(992, StatusCode.MemoryCumulativeWrite);

    [Test]
    public void An_update_over_an_application_that_was_there_at_boot_fails_after_992_bytes_while_SWD_sees_FF()
    {
        using var board = new BoardUnderTest(dcache: true, application: Old);
        var host = Connect(board);
        Assert.That(host.Erase(App, New.Length), Is.EqualTo(StatusCode.Success));
        Assert.That(host.Write(App, New), Is.EqualTo(Stale));
        Assert.That(board.Array(App, 4), Is.All.EqualTo(0xFF), "the array is erased");
        Assert.That(board.CoreView(App, 4), Is.EqualTo(Old[..4]), "the core still sees the old stack pointer");
        Assert.That(host.Read(App, 8), Is.EqualTo(Old[..8]), "and so does read-memory");
    }

    [Test]
    public void Erase_all_does_not_help()
    {
        using var board = new BoardUnderTest(dcache: true, application: Old);
        var host = Connect(board);
        host.Update(App, New);
        Assert.That(host.Status(CommandTag.FlashEraseAll), Is.EqualTo(StatusCode.Success));
        Assert.That(host.Write(App, New), Is.EqualTo(Stale));
    }

    [Test]
    public void A_reset_after_the_failed_update_helps_and_the_next_round_fails_again()
    {
        using var board = new BoardUnderTest(dcache: true, application: Old);
        var host = Connect(board);
        for (var round = 0; round < 3; round++)
        {
            Assert.That(host.Update(App, New), Is.EqualTo(Stale), $"round {round}: the application was there at boot");
            Assert.That(host.Reset(), Is.True);
            Assert.That(host.Update(App, New), Is.EqualTo(new WriteOutcome(New.Length, StatusCode.Success)), $"round {round}: flash was blank at boot");
            Assert.That(host.Reset(), Is.True);
        }
    }

    [Test]
    public void After_a_successful_update_read_memory_returns_stale_FF_for_the_lines_that_the_blank_check_left()
    {
        using var board = new BoardUnderTest(dcache: true);
        var host = Connect(board);
        Assert.That(host.Update(App, New)!.Value.Status, Is.EqualTo(StatusCode.Success));
        Assert.That(host.Read(App, New.Length), Is.All.EqualTo(0xFF), "an image no larger than the cache reads as blank");
        Assert.That(board.Array(App, New.Length), Is.EqualTo(New), "though it is all there");
    }

    [Test]
    public void Of_an_image_larger_than_the_cache_only_the_last_8_KB_read_as_FF()
    {
        var image = FirmwareImage.BuildApplication(12288, 3, "large", dataCache: false);
        using var board = new BoardUnderTest(dcache: true);
        var host = Connect(board);
        host.Update(App, image);
        Assert.That(board.CoreView(App, 4096), Is.EqualTo(image[..4096]));
        Assert.That(board.CoreView(App + 4096, 8192), Is.All.EqualTo(0xFF));
    }

    [TestCase("4096,4", 8192)]
    [TestCase("16384,2,lru", 0)]
    public void How_much_reads_as_FF_is_the_size_of_the_cache(string cache, int firstStale)
    {
        var image = FirmwareImage.BuildApplication(12288, 3, "large", dataCache: false);
        using var board = new BoardUnderTest(dcache: true, options: new BoardOptions { Name = "kv58-t", Cache = CacheGeometry.Parse(cache)! });
        var host = Connect(board);
        host.Update(App, image);
        Assert.That(board.CoreView(App, firstStale), Is.EqualTo(image[..firstStale]));
        Assert.That(board.CoreView(App + (uint)firstStale, 12288 - firstStale), Is.All.EqualTo(0xFF));
    }

    [TestCase("8000")]
    [TestCase("8192,3")]
    [TestCase("8192,4,fifo")]
    public void A_cache_that_cannot_be_is_refused(string cache) => Assert.That(CacheGeometry.Parse(cache), Is.Null);

    [Test]
    public void A_read_back_between_two_updates_moves_the_failure_deeper_into_the_image()
    {
        using var board = new BoardUnderTest(dcache: true);
        var host = Connect(board);
        host.Update(App, New);
        for (var line = App; line < App + New.Length; line += 32)
            host.Write(SystemControl.Dcimvac, BitConverter.GetBytes(line));
        host.Read(App + 0x800, 32);
        Assert.That(host.Update(App, New), Is.EqualTo(new WriteOutcome(3 * 1024 - 32, StatusCode.MemoryCumulativeWrite)));
    }

    [Test]
    public void Dropping_the_one_line_by_DCIMVAC_over_KBOOT_cures_the_board_without_a_reset()
    {
        using var board = new BoardUnderTest(dcache: true, application: Old);
        var host = Connect(board);
        host.Update(App, New);
        host.Write(SystemControl.Dcimvac, BitConverter.GetBytes(App));
        Assert.That(host.Write(App, New)!.Value.Status, Is.EqualTo(StatusCode.Success));
        Assert.That(host.Read(SystemControl.Ccr, 4)[2] & 1, Is.EqualTo(1), "CCR.DC is on");
    }

    [TestCase(false, null, TestName = "With_the_D_cache_off_no_update_fails")]
    [TestCase(true, true, TestName = "Fixed_firmware_never_fails_though_its_D_cache_is_on")]
    public void Updates_never_fail(bool dcache, bool? isFixed)
    {
        var options = new BoardOptions { Name = "kv58-t", Firmware = new FirmwareOptions(dcache, isFixed) };
        using var board = new BoardUnderTest(dcache, Old, options);
        var host = Connect(board);
        for (var round = 0; round < 10; round++)
        {
            var image = FirmwareImage.BuildApplication(6144, round, "round", dataCache: false);
            Assert.That(host.Update(App, image)!.Value.Status, Is.EqualTo(StatusCode.Success), $"round {round}");
            Assert.That(host.Read(App, image.Length), Is.EqualTo(image), $"round {round}");
            if (round % 3 == 0)
                Assert.That(host.Reset(), Is.True);
        }
    }

    private static KbootHost Connect(BoardUnderTest board)
    {
        var host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True);
        return host;
    }
}
