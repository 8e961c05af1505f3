using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

public class ImageTests
{
    private const uint App = KvMap.ApplicationStart;

    [TestCase("app-6k", 6144, 6)]
    [TestCase("app-12k", 12288, 12)]
    public void The_applications_in_the_repository_are_what_the_command_writes(string name, int size, int seed) =>
        Assert.That(Shipped(name), Is.EqualTo(FirmwareImage.BuildApplication(size, seed, name, dataCache: false)));

    [Test]
    public void The_releases_in_the_repository_are_what_the_command_writes()
    {
        foreach (var release in Release.All)
            Assert.That(Shipped(release.Name), Is.EqualTo(FirmwareImage.BuildBootloader(release.Profile)), release.Name);
    }

    [Test]
    public void An_application_has_a_vector_table_that_any_host_takes_for_one()
    {
        var image = Shipped("app-6k");
        Assert.That(BitConverter.ToUInt32(image), Is.EqualTo(0x20020000));
        Assert.That(BitConverter.ToUInt32(image, 4), Is.InRange(App, App + (uint)image.Length).And.Matches<uint>(entry => entry % 2 == 1));
        Assert.That(image[0x3C0..0x410], Is.All.EqualTo(0xFF));
    }

    [TestCase("kboot-2.0.0-stock", 0x4B020000u, StatusCode.Success, true)]
    [TestCase("kboot-2.0.0-cached", 0x4B020000u, StatusCode.MemoryCumulativeWrite, true)]
    [TestCase("kboot-2.0.1-half", 0x4B020001u, StatusCode.Success, false)]
    [TestCase("kboot-2.0.0-crc", 0x4B020000u, StatusCode.Success, true)]
    [TestCase("kboot-2.0.0-wide", 0x4B020000u, StatusCode.MemoryRangeInvalid, true)]
    [TestCase("kboot-2.0.2-fixed", 0x4B020002u, StatusCode.Success, true)]
    public void Each_release_has_its_own_defect(string name, uint version, StatusCode update, bool readsTrue)
    {
        var (old, image) = (Shipped("app-12k")[..6144], Shipped("app-6k"));
        using var board = new BoardUnderTest(application: old, bootloader: Shipped(name));
        var host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True);
        Assert.That(host.Command(CommandTag.GetProperty, 1, 0), Is.EqualTo(new uint[] { 0, version }));
        Assert.That(host.Update(App, image)!.Value.Status, Is.EqualTo(update));
        if (update == StatusCode.Success)
            Assert.That(host.Read(App, image.Length).SequenceEqual(image), Is.EqualTo(readsTrue));
    }

    [Test]
    public void A_release_flashed_by_SWD_changes_the_board_after_the_next_reset()
    {
        using var board = new BoardUnderTest(dcache: false);
        Assert.That(board.Chip.SystemControl.IsDataCacheOn, Is.False);
        foreach (var (address, phrase) in Phrases(Shipped("kboot-2.0.2-fixed")))
        {
            if (address % FlashArray.SectorSize == 0)
                Run(board, 0x09000000 | address, 0, 0);
            Run(board, 0x07000000 | address, BitConverter.ToUInt32(phrase), BitConverter.ToUInt32(phrase, 4));
        }
        board.Chip.Reset(ResetCause.SystemResetRequest);
        Assert.That(board.Log, Does.Contain("runs kboot-2.0.2-fixed 2.0.2"));
        Assert.That(board.Chip.SystemControl.IsDataCacheOn, Is.True);
    }

    [Test]
    public void An_application_prints_its_banner_after_the_window_and_goes_to_the_bootloader_when_told()
    {
        using var board = new BoardUnderTest(application: Shipped("app-6k"));
        board.Run(TimeSpan.FromSeconds(4.9));
        Assert.That(board.Drain(), Is.Empty, "the window is 5 s");
        board.Run(TimeSpan.FromSeconds(0.2));
        Assert.That(board.Drain(), Is.EqualTo("app-6k 1.0\r\n"u8.ToArray()));
        Assert.That(new KbootHost(board).Ping(), Is.False, "the bootloader is gone");
        board.Send("\nrun bootloader\r\n"u8);
        Assert.That(board.Drain(), Is.EqualTo("entering bootloader\r\n"u8.ToArray()));
        board.Run(TimeSpan.FromMilliseconds(100)); // the line's last byte would disturb autobaud for 80 ms
        Assert.That(new KbootHost(board).Ping(), Is.True);
        Assert.That(board.Chip.LastReset, Is.EqualTo(ResetCause.PowerOn), "no reset on the way");
    }

    /// <summary>One FTFE command through the registers, as a debugger's flash algorithm does it.</summary>
    private static void Run(BoardUnderTest board, uint command, uint first, uint second)
    {
        board.Chip.TryWrite(Ftfe.Base + 4, 4, command, BusView.Array);
        board.Chip.TryWrite(Ftfe.Base + 8, 4, first, BusView.Array);
        board.Chip.TryWrite(Ftfe.Base + 12, 4, second, BusView.Array);
        board.Chip.TryWrite(Ftfe.Base, 1, Ftfe.Ccif, BusView.Array);
        board.Run(TimeSpan.FromMilliseconds(20));
        Assert.That(board.Array(Ftfe.Base, 1)[0], Is.EqualTo(Ftfe.Ccif), $"command 0x{command:X8}");
    }

    private static IEnumerable<(uint Address, byte[] Phrase)> Phrases(byte[] image)
    {
        for (var at = 0; at < image.Length; at += 8)
            yield return ((uint)at, image[at..(at + 8)]);
    }

    private static byte[] Shipped(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HilRig.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return File.ReadAllBytes(Path.Combine(folder, "test-suites", "images", $"{name}.bin"));
    }
}
