using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The check of the application's CRC in the release that builds it (facts: kboot §5.1).</summary>
public class ApplicationCrcTests
{
    private const uint App = KvMap.ApplicationStart;

    /// <summary>CRC-32/MPEG-2 of "123456789" and three zeros, by another implementation; without the zeros it is the catalogue's 0376E6E7.</summary>
    private const uint CrcOfDigits = 0xAE24E09D;

    [TestCase(App + 0x800, 9u, CrcOfDigits, 10400u, true, TestName = "A_CRC_that_matches_starts_the_application")]
    [TestCase(App + 0x800, 9u, CrcOfDigits + 1, 10401u, false, TestName = "One_that_does_not_keeps_the_bootloader")]
    [TestCase(0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 10402u, true, TestName = "All_FF_asks_for_no_check")]
    [TestCase(App, 0u, 0u, 10403u, false, TestName = "No_bytes_is_invalid")]
    [TestCase(0x30000000u, 16u, 0u, 10404u, false, TestName = "Nowhere_is_out_of_range")]
    public void The_area_decides(uint start, uint count, uint expected, uint status, bool starts)
    {
        using var board = Board(start, count, expected, "kboot-2.0.0-crc");
        var host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True);
        Assert.That(host.Command(CommandTag.GetProperty, (uint)PropertyTag.CrcCheckStatus, 0), Is.EqualTo(new uint[] { 0, status }));
        board.Chip.Reset(ResetCause.Pin);
        board.Run(TimeSpan.FromSeconds(6));
        Assert.That(board.Drain().Length > 0, Is.EqualTo(starts), "the banner");
    }

    [Test]
    public void The_word_with_the_expected_value_is_left_out()
    {
        using var plain = Board(App, 0x3CC, 0, "kboot-2.0.0-crc");
        var before = Crc([.. plain.Array(App, 0x3CC), .. plain.Array(App + 0x3D0, 0x30)]);
        using var board = Board(App, 0x400, 0, "kboot-2.0.0-crc");
        var covered = board.Array(App, 0x400);
        var expected = Crc([.. covered[..0x3CC], .. covered[0x3D0..]]);
        Assert.That(expected, Is.Not.EqualTo(before), "the byte count is part of what is covered");
        using var good = Board(App, 0x400, expected, "kboot-2.0.0-crc");
        var host = new KbootHost(good);
        host.Ping();
        Assert.That(host.Command(CommandTag.GetProperty, (uint)PropertyTag.CrcCheckStatus, 0), Is.EqualTo(new uint[] { 0, 10400 }));
    }

    [Test]
    public void NXPs_own_release_does_not_build_it()
    {
        using var board = Board(App, 0, 0, "kboot-2.0.0-stock");
        var host = new KbootHost(board);
        host.Ping();
        Assert.That(host.Status(CommandTag.GetProperty, (uint)PropertyTag.CrcCheckStatus, 0), Is.EqualTo(StatusCode.UnknownProperty));
    }

    private static BoardUnderTest Board(uint start, uint count, uint expected, string release)
    {
        var image = ConfiguredImage.ChecksCrc(FirmwareImage.BuildApplication(0x800, 5, "checked", dataCache: false), start, count, expected);
        byte[] flash = [.. image, .. "123456789"u8];
        return new BoardUnderTest(application: flash, bootloader: FirmwareImage.BuildBootloader(Release.All.Single(one => one.Name == release).Profile));
    }

    /// <summary>As polynomial division of the bits, written apart from the board's.</summary>
    private static uint Crc(byte[] bytes)
    {
        ulong remainder = 0;
        foreach (var bit in bytes.Concat(new byte[4]).SelectMany((value, index) => Enumerable.Range(0, 8).Select(place => ((index < 4 ? value ^ 0xFF : value) >> (7 - place)) & 1)))
        {
            remainder = (remainder << 1) | (uint)bit;
            if ((remainder & 0x1_0000_0000) != 0)
                remainder ^= 0x1_04C1_1DB7;
        }
        return (uint)remainder;
    }
}
