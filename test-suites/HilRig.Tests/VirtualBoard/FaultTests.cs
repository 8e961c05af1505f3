using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Faults;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.FaultyBoard;

namespace HilRig.Tests.VirtualBoard;

/// <summary>Each fault shows its symptom on the host's side and on SWD's.</summary>
public class FaultTests
{
    private const uint App = KvMap.ApplicationStart;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);
    private static readonly byte[] Old = FirmwareImage.BuildApplication(6144, 1, "old", dataCache: false);
    private static readonly WriteOutcome Good = new(Image.Length, StatusCode.Success);

    [Test]
    public void dcache_on_F1_F2()
    {
        using var board = FaultyBoard.Board("dcache-on", Old);
        var host = Connect(board);
        Assert.That(host.Update(App, Image), Is.EqualTo(new WriteOutcome(992, StatusCode.MemoryCumulativeWrite)));
        Assert.That(board.Array(App, 32), Is.All.EqualTo(0xFF));
    }

    [Test]
    public void stale_line_at_start_F3()
    {
        using var board = FaultyBoard.Board("stale-line:when=start,address=0x1000A800", Old);
        var host = Connect(board);
        host.Update(App, Image);
        host.Reset();
        using var deeper = FaultyBoard.Board("stale-line:when=start,address=0x1000A800,length=64");
        deeper.Board.Install(Old.AsSpan(0x800), App + 0x800);
        deeper.Chip.Reset(ResetCause.Pin);
        var second = Connect(deeper);
        Assert.That(second.Update(App, Image), Is.EqualTo(new WriteOutcome((3 * 1024) - 32, StatusCode.MemoryCumulativeWrite)), "the KB of the stale line");
        Assert.That(deeper.Array(App, 2048), Is.EqualTo(Image[..2048]), "data before it");
        Assert.That(deeper.Array(App + 0x800, 64), Is.All.EqualTo(0xFF), "FF from there on");
    }

    [Test]
    public void stale_line_at_erase_F2()
    {
        using var board = FaultyBoard.Board("stale-line:when=erase,address=0x1000A800");
        var host = Connect(board);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(host.Read(App + 0x800, 32), Is.All.EqualTo(0xFF));
        Assert.That(board.Array(App, Image.Length), Is.EqualTo(Image));
    }

    [Test]
    public void garbage_line_F4()
    {
        using var board = FaultyBoard.Board("garbage-line:length=0x1800");
        var host = Connect(board);
        Assert.That(host.Update(App, Image)!.Value.Status, Is.EqualTo(StatusCode.MemoryCumulativeWrite));
        var failedAt = board.Array(App, Image.Length).AsSpan().IndexOf(Enumerable.Repeat((byte)0xFF, 1024).ToArray());
        Assert.That(board.Array(App + (uint)failedAt, 1024), Is.All.EqualTo(0xFF), "the array is blank where the check failed");
    }

    [Test]
    public void icache_on_F5()
    {
        using var board = FaultyBoard.Board("icache-on", Old);
        var host = Connect(board);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(host.Status(CommandTag.Execute, BitConverter.ToUInt32(Image, 4), 0, 0), Is.EqualTo(StatusCode.Success));
        Assert.That(board.Receive(1, TimeSpan.FromSeconds(1)), Is.Empty, "the application says nothing");
        Assert.That(board.Array(App, Image.Length), Is.EqualTo(Image));
        board.Board.Supply.Switch(false);
        board.Board.Supply.Switch(true);
        board.Run(TimeSpan.FromSeconds(6));
        Assert.That(System.Text.Encoding.ASCII.GetString(board.Drain()), Is.EqualTo("new 1.0\r\n"), "after a power cycle it is fine");
    }

    [Test]
    public void speculation_stuck_F6()
    {
        using var board = FaultyBoard.Board("speculation-stuck", Old);
        var host = Connect(board);
        host.Read(App + 0x200, 32);
        host.Erase(App, Old.Length);
        Assert.That(host.Read(App + 0x200, 32), Is.EqualTo(Old[0x200..0x220]), "old once more");
        host.Read(App + 0x1000, 64);
        Assert.That(host.Read(App + 0x200, 32), Is.All.EqualTo(0xFF), "and never again");
    }

    [Test]
    public void cells_fall_F7_F8()
    {
        using var board = FaultyBoard.Board("cells-fall:address=0x1000A900,length=8");
        var host = Connect(board);
        Assert.That(host.Erase(App, Image.Length), Is.EqualTo(StatusCode.Success));
        board.Run(TimeSpan.FromMilliseconds(5));
        Assert.That(host.Write(App, Image), Is.EqualTo(new WriteOutcome((3 * 1024) - 32, StatusCode.MemoryCumulativeWrite)));
        Assert.That(host.Read(App + 0x900, 8), Is.EqualTo(board.Array(App + 0x900, 8)).And.All.EqualTo(0));
    }

    [TestCase("erase")]
    [TestCase("program")]
    public void weak_cells_F9(string operation)
    {
        using var board = FaultyBoard.Board($"weak-cells:p=1,bits=40,operation={operation}");
        var host = Connect(board);
        Assert.That(host.Update(App, Image)!.Value.Status, Is.EqualTo(StatusCode.FlashCommandFailure));
        var reads = Enumerable.Range(0, 40).Select(_ => Convert.ToHexString(board.Array(App, 8192))).Distinct();
        Assert.That(reads.Count(), Is.GreaterThan(1), "SWD reads vary");
    }

    [Test]
    public void weak_cells_pass_unnoticed_when_verify_writes_is_0()
    {
        using var board = FaultyBoard.Board("weak-cells:p=1,bits=1,operation=program");
        var host = Connect(board);
        host.Status(CommandTag.SetProperty, (uint)PropertyTag.VerifyWrites, 0);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
    }

    [Test]
    public void fprot_F10()
    {
        using var board = FaultyBoard.Board("fprot:mask=0xFFFFFFFC", Old);
        var host = Connect(board);
        Assert.That(host.Erase(App, 0x2000), Is.EqualTo(StatusCode.FlashProtectionViolation));
        Assert.That(board.Array(App, Old.Length), Is.EqualTo(Old));
    }

    [TestCase("watchdog", 0x20)]
    [TestCase("pin", 0x40)]
    public void reset_in_flash_F11(string cause, int srs0)
    {
        using var board = FaultyBoard.Board($"reset-in-flash:operation=1,fraction=0.5,cause={cause}", Old);
        var host = Connect(board);
        Assert.That(host.Erase(App, 0x2000), Is.Null, "silence");
        Assert.That(board.Array(ResetControl.Base, 1)[0], Is.EqualTo(srs0));
        Assert.That(board.Array(App, Old.Length), Is.Not.EqualTo(Old).And.Some.Not.EqualTo(0xFF), "torn");
        Assert.That(host.Ping(), Is.True, "a new ping is measured again");
    }

    [Test]
    public void deaf_F12()
    {
        using var board = FaultyBoard.Board("deaf", Old);
        Assert.That(new KbootHost(board).Ping(), Is.False);
        board.Run(TimeSpan.FromSeconds(6));
        Assert.That(System.Text.Encoding.ASCII.GetString(board.Drain()), Is.EqualTo("old 1.0\r\n"));
    }

    [Test]
    public void slow_flash_F22()
    {
        using var board = FaultyBoard.Board("slow-flash:factor=1000", Old);
        var host = Connect(board);
        host.SendCommand(CommandTag.FlashEraseRegion, App, 0x2000);
        Assert.That(board.Receive(2, TimeSpan.FromSeconds(5)), Is.Empty, "not even an ACK");
        Assert.That(board.Receive(20, TimeSpan.FromSeconds(20)), Has.Length.EqualTo(20), "the answer comes later");
        Assert.That(board.Array(App, 64), Is.All.EqualTo(0xFF));
    }

    [TestCase("0xFF", true)]
    [TestCase("0xEF", false)]
    public void fsec_F23_F24(string value, bool isMassEraseEnabled)
    {
        using var board = FaultyBoard.Board($"fsec:value={value}", Old);
        var host = Connect(board);
        Assert.That(host.Command(CommandTag.GetProperty, (uint)PropertyTag.FlashSecurityState, 0), Is.EqualTo(new uint[] { 0, 1 }));
        Assert.That(host.Erase(App, 0x2000), Is.EqualTo(StatusCode.SecurityViolation));
        Assert.That(board.Chip.IsSecured, Is.True);
        Assert.That(board.Chip.IsMassEraseEnabled, Is.EqualTo(isMassEraseEnabled));
    }

    [Test]
    public void blank_F25()
    {
        using var board = FaultyBoard.Board("blank");
        Assert.That(new KbootHost(board).Ping(), Is.False);
        Assert.That(board.Array(KvMap.FlashStart, 64), Is.All.EqualTo(0xFF));
        Assert.That(board.Array(ResetControl.Base + 1, 1)[0], Is.EqualTo(0x02), "it resets itself by lockup");
    }

    [Test]
    public void bca_F27()
    {
        using var board = FaultyBoard.Board("bca");
        var host = Connect(board);
        host.Status(CommandTag.SetProperty, (uint)PropertyTag.VerifyWrites, 0);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(host.Reset(), Is.False, "no answer any more");
        Assert.That(board.Log, Does.EndWith("runs new 1.0\n"));
    }

    [Test]
    public void watchdog_F29()
    {
        using var board = FaultyBoard.Board("watchdog:ms=3000");
        var host = Connect(board);
        board.Run(TimeSpan.FromSeconds(3));
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.Null, "autobaud again: a command first is lost");
        Assert.That(board.Array(ResetControl.Base, 1)[0], Is.EqualTo(0x20));
    }

    [Test]
    public void sag_below_the_detector_resets_and_above_it_does_not()
    {
        using var deep = FaultyBoard.Board("sag:operation=1,volts=1", Old);
        Assert.That(Connect(deep).Erase(App, 0x2000), Is.Null);
        using var shallow = FaultyBoard.Board("sag:operation=1,volts=0.5", Old);
        Assert.That(Connect(shallow).Erase(App, 0x2000), Is.EqualTo(StatusCode.Success));
    }

    [Test]
    public void A_stuck_supply_does_not_move()
    {
        using var on = FaultyBoard.Board("stuck-on");
        on.Board.Supply.Switch(false);
        Assert.That(Connect(on), Is.Not.Null);
        using var off = FaultyBoard.Board("stuck-off");
        Assert.That(new KbootHost(off).Ping(), Is.False);
        Assert.That(off.Board.Supply.Voltage, Is.Zero);
    }

    [Test]
    public void Every_fault_is_listed_with_both_symptoms_and_can_be_armed()
    {
        foreach (var kind in FaultCatalog.Kinds)
        {
            Assert.That(kind.Host, Is.Not.Empty, kind.Name);
            Assert.That(kind.Swd, Is.Not.Empty, kind.Name);
            using var board = FaultyBoard.Board(kind.Name);
        }
        Assert.That(Enumerable.Range(1, 33).Select(number => $"F{number}"),
            Is.SubsetOf(FaultCatalog.Kinds.SelectMany(kind => kind.Fact.Split(' ')).Concat(FaultCatalog.HostDeeds.Select(deed => deed.Fact))));
    }

    [TestCase("flop", "no fault 'flop'")]
    [TestCase("drop:p=2", "p=2")]
    [TestCase("drop:q=1", "no parameter 'q'")]
    [TestCase("drop:p", "key=value")]
    public void A_fault_that_is_not_understood_is_named(string text, string expected) =>
        Assert.That(() => FaultyBoard.Board(text).Dispose(), Throws.TypeOf<UsageException>().With.Message.Contains(expected));
}
