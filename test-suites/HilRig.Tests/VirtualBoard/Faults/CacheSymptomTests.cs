using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.Faults.FaultyBoard;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>Faults of the caches and buffers: the host is told old things, SWD sees the array.</summary>
public class CacheSymptomTests
{
    private const uint App = KvMap.ApplicationStart;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);
    private static readonly byte[] Old = FirmwareImage.BuildApplication(6144, 1, "old", dataCache: false);
    private static readonly WriteOutcome Good = new(Image.Length, StatusCode.Success);

    [Test, Symptom("dcache-on", "F1 F2")]
    public void dcache_on()
    {
        using var board = Board("dcache-on", Old);
        var host = Connect(board);
        Assert.That(host.Update(App, Image), Is.EqualTo(new WriteOutcome(992, StatusCode.MemoryCumulativeWrite)));
        Assert.That(board.Swd.Array(App, 32), Is.All.EqualTo(0xFF));
        Assert.That(board.Swd.Core(App, 8), Is.EqualTo(Old[..8]));
        Assert.That(host.Reset(), Is.True);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good), "blank at boot");
        Assert.That(host.Read(App, 32), Is.All.EqualTo(0xFF), "and a stale read-back");
        Assert.That(board.Swd.Array(App, Image.Length), Is.EqualTo(Image));
    }

    [Test, Symptom("stale-line", "F1 F3")]
    public void stale_line_at_start()
    {
        using var board = Board("stale-line:when=start,address=0x1000A800,length=64");
        board.Board.Install(Old.AsSpan(0x800), App + 0x800);
        board.Chip.Reset(ResetCause.Pin);
        Assert.That(Connect(board).Update(App, Image), Is.EqualTo(new WriteOutcome((3 * 1024) - 32, StatusCode.MemoryCumulativeWrite)), "the KB of the stale line");
        Assert.That(board.Swd.Array(App, 2048), Is.EqualTo(Image[..2048]), "data before it");
        Assert.That(board.Swd.Array(App + 0x800, 64), Is.All.EqualTo(0xFF), "FF from there on");
    }

    [Test, Symptom("stale-line", "F2")]
    public void stale_line_at_erase()
    {
        using var board = Board("stale-line:when=erase,address=0x1000A800");
        var host = Connect(board);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(host.Read(App + 0x800, 32), Is.All.EqualTo(0xFF));
        Assert.That(board.Swd.Array(App, Image.Length), Is.EqualTo(Image));
    }

    [Test, Symptom("garbage-line", "F4")]
    public void garbage_line()
    {
        using var board = Board("garbage-line:length=0x1800");
        var host = Connect(board);
        Assert.That(host.Update(App, Image)!.Value.Status, Is.EqualTo(StatusCode.MemoryCumulativeWrite));
        var failedAt = board.Swd.Array(App, Image.Length).AsSpan().IndexOf(Enumerable.Repeat((byte)0xFF, 1024).ToArray());
        Assert.That(board.Swd.Array(App + (uint)failedAt, 1024), Is.All.EqualTo(0xFF), "the array is blank where the check failed");
    }

    [Test, Symptom("icache-on", "F5")]
    public void icache_on()
    {
        using var board = Board("icache-on", Old);
        var host = Connect(board);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(host.Status(CommandTag.Execute, BitConverter.ToUInt32(Image, 4), 0, 0), Is.EqualTo(StatusCode.Success));
        Assert.That(board.Receive(1, TimeSpan.FromSeconds(1)), Is.Empty, "the application says nothing");
        Assert.That(board.Swd.Array(App, Image.Length), Is.EqualTo(Image));
        board.Board.Supply.Switch(false);
        board.Board.Supply.Switch(true);
        board.Run(TimeSpan.FromSeconds(6));
        Assert.That(System.Text.Encoding.ASCII.GetString(board.Drain()), Is.EqualTo("new 1.0\r\n"), "after a power cycle it is fine");
    }

    [Test, Symptom("speculation-stuck", "F6")]
    public void speculation_stuck()
    {
        using var board = Board("speculation-stuck", Old);
        var host = Connect(board);
        host.Read(App + 0x200, 32);
        host.Erase(App, Old.Length);
        Assert.That(host.Read(App + 0x200, 32), Is.EqualTo(Old[0x200..0x220]), "old once more");
        host.Read(App + 0x1000, 64);
        Assert.That(host.Read(App + 0x200, 32), Is.All.EqualTo(0xFF), "and never again");
        Assert.That(board.Swd.Array(App + 0x200, 32), Is.All.EqualTo(0xFF));
    }

    [Test, Symptom("speculation-stuck", "F6")]
    public void speculation_stuck_fools_SWD_once_as_well()
    {
        using var board = Board("speculation-stuck", Old);
        var host = Connect(board);
        host.Read(App + 0x200, 32);
        host.Erase(App, Old.Length);
        Assert.That(board.Swd.Array(App + 0x200, 32), Is.EqualTo(Old[0x200..0x220]));
        board.Swd.Array(App + 0x1000, 64);
        Assert.That(board.Swd.Array(App + 0x200, 32), Is.All.EqualTo(0xFF));
    }
}
