using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.Faults.FaultyBoard;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>Faults of the supply, the resets and the clock.</summary>
public class SupplySymptomTests
{
    private const uint App = KvMap.ApplicationStart;
    private const int NoAck = 10;
    private const uint MainLoop = 0x10001234;
    private static readonly byte[] Old = FirmwareImage.BuildApplication(6144, 1, "old", dataCache: false);

    [Test, Symptom("power-cut", "F11")]
    public void power_cut()
    {
        using var board = Board("power-cut:operation=1", Old);
        var host = Connect(board);
        Assert.That(host.Erase(App, 0x2000), Is.Null, "silence");
        Assert.That(board.Swd.Array(App, Old.Length), Is.Not.EqualTo(Old).And.Some.Not.EqualTo(0xFF), "torn");
        Assert.That(Enumerable.Range(0, 20).Select(_ => Convert.ToHexString(board.Swd.Array(App, 8192))).Distinct().Count(), Is.GreaterThan(1), "weak bits vary");
        Assert.That(board.Swd.ResetCause[0], Is.EqualTo(0x82));
    }

    [Test, Symptom("power-cut", "F11")]
    public void power_cut_for_good()
    {
        using var board = Board("power-cut:operation=1,back=0", Old);
        Assert.That(Connect(board).Erase(App, 0x2000), Is.Null);
        Assert.That(board.Swd.Try(App), Is.EqualTo(NoAck));
        board.Board.Supply.Switch(false);
        board.Board.Supply.Switch(true);
        Assert.That(board.Swd.Try(App), Is.Zero);
    }

    [TestCase("watchdog", 0x20)]
    [TestCase("pin", 0x40)]
    [Symptom("reset-in-flash", "F11")]
    public void reset_in_flash(string cause, int srs0)
    {
        using var board = Board($"reset-in-flash:operation=1,fraction=0.5,cause={cause}", Old);
        var host = Connect(board);
        Assert.That(host.Erase(App, 0x2000), Is.Null, "silence");
        Assert.That(board.Swd.ResetCause[0], Is.EqualTo(srs0));
        Assert.That(board.Swd.Array(App, Old.Length), Is.Not.EqualTo(Old).And.Some.Not.EqualTo(0xFF), "torn");
        Assert.That(host.Ping(), Is.True, "a new ping is measured again");
    }

    [Test, Symptom("sag", "F9 F11")]
    public void sag_below_the_detector()
    {
        using var board = Board("sag:operation=1,volts=1", Old);
        Assert.That(Connect(board).Erase(App, 0x2000), Is.Null);
        Assert.That(board.Swd.ResetCause[0], Is.EqualTo(0x82));
        Assert.That(board.Swd.Array(App, Old.Length), Is.Not.EqualTo(Old).And.Some.Not.EqualTo(0xFF), "torn");
    }

    [Test, Symptom("sag", "F9")]
    public void sag_above_the_detector_changes_nothing()
    {
        using var board = Board("sag:operation=1,volts=0.5", Old);
        board.Chip.Reset(ResetCause.Pin);
        Assert.That(Connect(board).Erase(App, 0x2000), Is.EqualTo(StatusCode.Success));
        Assert.That(board.Swd.ResetCause[0], Is.EqualTo(0x40));
    }

    [Test, Symptom("watchdog", "F29")]
    public void watchdog()
    {
        using var board = Board("watchdog:ms=3000");
        var host = Connect(board);
        board.Run(TimeSpan.FromSeconds(3));
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.Null, "autobaud again: a command first is lost");
        Assert.That(board.Swd.ResetCause[0], Is.EqualTo(0x20));
    }

    [Test, Symptom("autobaud-error", "F13")]
    public void autobaud_error()
    {
        using var board = Board("autobaud-error:ratio=1.1");
        var host = new KbootHost(board);
        Assert.That(host.Ping() || host.Ping(), Is.False);
        Assert.That(board.Swd.ProgramCounter, Is.EqualTo(MainLoop), "the bootloader idles");
    }

    [Test, Symptom("stuck-on")]
    public void stuck_on()
    {
        using var board = Board("stuck-on");
        board.Chip.Reset(ResetCause.Pin);
        var host = Connect(board);
        board.Board.Supply.Switch(false);
        board.Run(TimeSpan.FromSeconds(1));
        board.Board.Supply.Switch(true);
        Assert.That(host.Status(CommandTag.GetProperty, 1, 0), Is.EqualTo(StatusCode.Success), "no autobaud: it never was off");
        Assert.That(board.Swd.ResetCause[0], Is.EqualTo(0x40));
    }

    [Test, Symptom("stuck-off")]
    public void stuck_off()
    {
        using var board = Board("stuck-off");
        Assert.That(new KbootHost(board).Ping(), Is.False);
        Assert.That(board.Swd.Try(KvMap.FlashStart), Is.EqualTo(NoAck));
        Assert.That(board.Board.Supply.Voltage, Is.Zero);
    }
}
