using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Power;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The supply cuts by itself on the board's trigger line, which rises at each flash operation.</summary>
public class SupplyTriggerTests
{
    private const uint App = KvMap.ApplicationStart;
    private const string Waiting = "32";
    private static readonly byte[] Old = FirmwareImage.BuildApplication(0x6000, 1, "old", dataCache: false);

    [Test]
    public void An_armed_supply_cuts_inside_the_operation_that_was_asked_for()
    {
        using var board = Board(out var supply);
        Assert.That(supply.Execute("TRIG:SOUR EXT;TRIG:COUN 2;TRIG:DEL 0.0075;INIT;STAT:OPER:COND?;OUTP?"), Is.EqualTo($"{Waiting};1"));
        var host = new KbootHost(board) { Patience = TimeSpan.FromSeconds(1) };
        host.Ping();
        Assert.That(host.Erase(App, Old.Length), Is.Null, "silence");
        Assert.That(supply.Execute("STAT:OPER:COND?;OUTP?;MEAS:VOLT?"), Is.EqualTo("0;0;0.000"), "off is a fact");
        Assert.That(supply.Execute("OUTP ON;OUTP?"), Is.EqualTo("1"));
        Assert.That(host.Ping(), Is.True);
        Assert.That(board.Array(App, 0x2000), Is.All.EqualTo(0xFF), "the first sector was erased");
        Assert.That(board.Array(App + 0x2000, 0x2000), Is.Not.EqualTo(Old[0x2000..0x4000]).And.Some.Not.EqualTo(0xFF), "the second is torn");
        Assert.That(board.Array(App + 0x4000, 0x2000), Is.EqualTo(Old[0x4000..]), "the third was not begun");
        Assert.That(host.Erase(App, Old.Length), Is.Not.Null, "it fires once");
    }

    [Test]
    public void It_tears_the_same_bits_as_the_fault_that_cuts_there()
    {
        using var triggered = Board(out var supply);
        supply.Execute("TRIG:SOUR EXT;TRIG:COUN 3;TRIG:DEL 0.0075;INIT");
        using var faulty = Board(out _, "power-cut:operation=3,fraction=0.5");
        foreach (var board in new[] { triggered, faulty })
        {
            var host = new KbootHost(board) { Patience = TimeSpan.FromSeconds(1) };
            host.Ping();
            host.Erase(App, Old.Length);
        }
        Assert.That(Torn(triggered), Is.EqualTo(Torn(faulty)));
    }

    [Test]
    public void The_line_is_high_while_an_operation_runs()
    {
        using var board = Board(out var supply);
        Assert.That(supply.Execute("DIG:INP:DATA?"), Is.EqualTo("0"));
        board.Swd.Flash(0x0900A000);
        Assert.That(supply.Execute("DIGital:INPut:DATA?"), Is.EqualTo("1"));
        board.Run(TimeSpan.FromSeconds(1));
        Assert.That(supply.Execute("DIG:INP:DATA?"), Is.EqualTo("0"));
    }

    [Test]
    public void The_bus_fires_it_as_well_and_an_edge_then_does_not()
    {
        using var board = Board(out var supply);
        supply.Execute("TRIGger:SOURce BUS;INITiate:IMMediate");
        board.Swd.Flash(0x0900A000);
        board.Run(TimeSpan.FromSeconds(1));
        Assert.That(supply.Execute("OUTP?;STATus:OPERation:CONDition?"), Is.EqualTo($"1;{Waiting}"));
        supply.Execute("*TRG");
        Assert.That(supply.Execute("OUTP?"), Is.EqualTo("0"));
    }

    [TestCase("ABOR")]
    [TestCase("*RST")]
    public void A_disarmed_supply_does_nothing(string word)
    {
        using var board = Board(out var supply);
        supply.Execute($"TRIG:SOUR EXT;INIT;{word}");
        board.Swd.Flash(0x0900A000);
        board.Run(TimeSpan.FromSeconds(1));
        Assert.That(supply.Execute("*TRG;OUTP?"), Is.EqualTo("1"));
    }

    [TestCase("TRIG:COUN 0")]
    [TestCase("TRIG:DEL -1")]
    [TestCase("TRIG:SOUR MOON")]
    public void What_cannot_be_is_an_error(string line)
    {
        using var board = Board(out var supply);
        supply.Execute(line);
        Assert.That(supply.Execute("SYST:ERR?"), Does.StartWith("-113"));
        Assert.That(supply.Execute("TRIG:SOUR?;TRIG:COUN?;TRIG:DEL?"), Is.EqualTo("BUS;1;0"));
    }

    private static BoardUnderTest Board(out ScpiCommand supply, params string[] faults)
    {
        var board = new BoardUnderTest(application: Old, options: new BoardOptions { Name = "kv58-t", Seed = 3, Faults = faults });
        supply = new ScpiCommand(board.Board.Supply, board.Chip, "kv58-t");
        return board;
    }

    private static string Torn(BoardUnderTest board) => string.Join(' ', Enumerable.Range(0xA000, Old.Length)
        .Select(offset => $"{board.Chip.Ftfe.Array.Stored(offset):X2}{board.Chip.Ftfe.Array.WeakBits(offset):X2}"));
}
