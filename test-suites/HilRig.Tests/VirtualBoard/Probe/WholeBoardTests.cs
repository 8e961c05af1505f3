using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using HilRig.VirtualBoard.Probe;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>The real pyOCD against a whole board: chip, caches, bootloader and application.</summary>
public class WholeBoardTests
{
    private const uint ResetHandler = KvMap.FlashStart + 0x410;

    private readonly List<IDisposable> owned = [];
    private CancellationTokenSource stop;
    private Task serving;
    private Board board;
    private int port;

    [SetUp]
    public void PowerUp()
    {
        stop = new CancellationTokenSource();
        board = new Board(new BoardOptions { Name = "kv58-swd", Speed = 1000 }, TimeProvider.System);
        board.Install(FirmwareImage.BuildBootloader(Release.Default(dataCache: true)), KvMap.FlashStart);
        board.Install(FirmwareImage.BuildApplication(4096, 7, "blink", dataCache: false), KvMap.ApplicationStart);
        lock (board.Chip.Gate) board.Supply.Switch(true);
        var server = new ProbeServer(board.Chip, "kv58-swd");
        owned.Add(server);
        serving = server.RunAsync(0, stop.Token);
        port = server.Port;
    }

    [TearDown]
    public async Task PowerDown()
    {
        await stop.CancelAsync();
        await serving;
        owned.ForEach(item => item.Dispose());
        owned.Clear();
        stop.Dispose();
    }

    [Test]
    public async Task A_caught_reset_stands_at_the_bootloader_and_a_running_board_in_its_loop()
    {
        lock (board.Chip.Gate) board.Chip.IsBootPinLow = true;
        var output = await PyOcd.CommandAsync(port, "reset halt", "reg pc", "go", "halt", "reg pc", "go", "status");
        Assert.That(output, Does.Match($"(?s)pc = 0x{ResetHandler:x8}.*pc = 0x10001234.*Running"));
    }

    [Test]
    public async Task An_application_that_was_jumped_to_holds_the_PC()
    {
        var output = await PyOcd.CommandAsync(port, "sleep 20", "halt", "reg pc sp");
        Assert.That(output, Does.Contain($"pc = 0x{KvMap.ApplicationStart + 0x410:x8}").And.Contain("sp = 0x20020000"));
    }

    [TestCase("reset", "00 04")]
    [TestCase("reset hardware", "40 00")]
    [TestCase("reset core", "82 00", Description = "a core reset leaves the cause of power-on")]
    public async Task The_reset_controller_tells_which_reset_it_was(string command, string source)
    {
        var output = await PyOcd.CommandAsync(port, command, "read8 0x4007f000 2", "status");
        Assert.That(output, Does.Contain($"4007f000:  {source}").And.Contain("Running"));
    }

    [Test]
    public async Task A_sector_erased_by_SWD_is_blank_in_the_array_and_stale_for_the_core_until_its_line_is_invalidated()
    {
        var output = await PyOcd.CommandAsync(port,
            "halt", "set hprot 0x3", "write32 0x40020004 0x0900a000", "write8 0x40020000 0x80", "sleep 20", "read8 0x40020000",
            "read32 0x1000a000", "set hprot 0xb", "read32 0x1000a000",
            "write16 0x0000fff0 0x6808", "wreg r1 0x1000a000", "wreg pc 0x0000fff0", "step", "reg r0",
            "write32 0xe000ef5c 0x1000a000", "read32 0x1000a000");
        Assert.That(output, Does.Match("(?s)40020000:  80.*1000a000:  ffffffff.*1000a000:  20020000.*r0 = 0x20020000.*1000a000:  ffffffff"));
    }

    [Test]
    public async Task A_secured_chip_is_opened_by_a_mass_erase_under_reset_as_the_fact_sheet_does_it()
    {
        lock (board.Chip.Gate)
        {
            var image = FirmwareImage.BuildBootloader(Release.Default(dataCache: false));
            image[0x40C] = 0xFF;
            board.Install(image, KvMap.FlashStart);
            board.Chip.Reset(ResetCause.Pin);
        }

        var output = await PyOcd.CommandAsync(port, ["-N"],
            ["initdp", "readap 1 0", "set nreset 0", "readap 1 0", "writeap 1 4 1", "sleep 50", "readap 1 4", "readap 1 0", "set nreset 1", "readap 1 0"]);
        Assert.That(output, Does.Match("(?s)0x0000003e.*0x00000036.*0x1000004 = 0x00000000.*0x00000033.*0x0000003[ab]"));
        Assert.That(await PyOcd.CommandAsync(port, "read32 0x10000408 8"), Does.Contain("10000408:  ffffffff fffffffe"));
    }

    [Test]
    public async Task A_board_without_power_gives_no_acknowledge_and_one_that_gets_it_back_answers_again()
    {
        lock (board.Chip.Gate) board.Supply.Switch(false);
        Assert.That(await PyOcd.CommandAsync(port, "status"), Does.Contain("No ACK received"));
        lock (board.Chip.Gate) board.Supply.Switch(true);
        Assert.That(await PyOcd.CommandAsync(port, "status"), Does.Contain("Running"));
    }
}
