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

    private const string KinetisScript = """
        import pyocd.target
        from pyocd.core.memory_map import MemoryMap, RamRegion, RomRegion
        from pyocd.target.family.target_kinetis import Kinetis

        class Kv58(Kinetis):
            MEMORY_MAP = MemoryMap(RomRegion(start=0x10000000, length=0x100000), RamRegion(start=0x20000000, length=0x20000))
            def __init__(self, session):
                super().__init__(session, self.MEMORY_MAP)

        pyocd.target.TARGET["kv58"] = Kv58
        """;

    private CancellationTokenSource stop;
    private Task serving;
    private Board board;
    private ProbeServer server;

    private int Port => server.Port;

    [SetUp]
    public void PowerUp()
    {
        stop = new CancellationTokenSource();
        board = new Board(new BoardOptions { Name = "kv58-swd", Speed = 1000 }, TimeProvider.System);
        board.Install(FirmwareImage.BuildBootloader(Release.Default(dataCache: true)), KvMap.FlashStart);
        board.Install(FirmwareImage.BuildApplication(4096, 7, "blink", dataCache: false), KvMap.ApplicationStart);
        lock (board.Chip.Gate) board.Supply.Switch(true);
        server = new ProbeServer(board.Chip, "kv58-swd");
        serving = server.RunAsync(0, stop.Token);
    }

    [TearDown]
    public async Task PowerDown()
    {
        await stop.CancelAsync();
        await serving;
        server.Dispose();
        stop.Dispose();
    }

    [Test]
    public async Task A_caught_reset_stands_at_the_bootloader_and_a_running_board_in_its_loop()
    {
        lock (board.Chip.Gate) board.Chip.IsBootPinLow = true;
        var output = await PyOcd.CommandAsync(Port, "reset halt", "reg pc", "go", "halt", "reg pc", "go", "status");
        Assert.That(output, Does.Match($"(?s)pc = 0x{ResetHandler:x8}.*pc = 0x10001234.*Running"));
    }

    [Test]
    public async Task An_application_that_was_jumped_to_holds_the_PC()
    {
        board.Install(ConfiguredImage.DirectBoot(FirmwareImage.BuildApplication(4096, 7, "blink", dataCache: false)), KvMap.ApplicationStart);
        var output = await PyOcd.CommandAsync(Port, "reset hardware", "sleep 20", "halt", "reg pc sp");
        Assert.That(output, Does.Contain($"pc = 0x{KvMap.ApplicationStart + 0x410:x8}").And.Contain("sp = 0x20020000"));
    }

    [Test]
    public async Task An_emulated_reset_starts_the_bootloader_without_a_reset()
    {
        lock (board.Chip.Gate) board.Chip.IsBootPinLow = true;
        var output = await PyOcd.CommandAsync(Port, "reset hardware", "reset emulated", "halt", "reg pc", "read8 0x4007f000 2");
        Assert.That(output, Does.Contain("pc = 0x10001234").And.Contain("4007f000:  40 00"));
    }

    [TestCase("reset", "00 04")]
    [TestCase("reset hardware", "40 00")]
    [TestCase("reset core", "82 00", Description = "a core reset leaves the cause of power-on")]
    public async Task The_reset_controller_tells_which_reset_it_was(string command, string source)
    {
        var output = await PyOcd.CommandAsync(Port, command, "read8 0x4007f000 2", "status");
        Assert.That(output, Does.Contain($"4007f000:  {source}").And.Contain("Running"));
    }

    [Test]
    public async Task A_sector_erased_by_SWD_is_blank_in_the_array_and_stale_for_the_core_until_its_line_is_invalidated()
    {
        var output = await PyOcd.CommandAsync(Port,
            "halt", "set hprot 0x3", "write32 0x40020004 0x0900a000", "write8 0x40020000 0x80", "sleep 20", "read8 0x40020000",
            "write32 0x4001f004 0x3008001f", // PFB0CR.S_INV, as every flash driver does
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

        var output = await PyOcd.CommandAsync(Port, ["-N"],
            ["initdp", "readap 1 0", "set nreset 0", "readap 1 0", "writeap 1 4 1", "sleep 50", "readap 1 4", "readap 1 0", "set nreset 1", "readap 1 0"]);
        Assert.That(output, Does.Match("(?s)0x0000003e.*0x00000036.*0x1000004 = 0x00000000.*0x00000033.*0x0000003[ab]"));
        Assert.That(await PyOcd.CommandAsync(Port, "read32 0x10000408 8"), Does.Contain("10000408:  ffffffff fffffffe"));
    }

    [Test]
    public async Task PyOCDs_Kinetis_class_connects_under_reset_by_the_MDM_and_unlocks()
    {
        lock (board.Chip.Gate)
        {
            board.Chip.Ftfe.Array.Place(0x40C, [0x00]);
            board.Chip.Reset(ResetCause.Pin);
        }

        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, KinetisScript);
            string[] arguments = ["commander", "-W", "-u", $"remote:127.0.0.1:{Port}", "-t", "kv58", "--script", script, "-M", "under-reset"];
            Assert.That(await PyOcd.RunAsync([.. arguments, "-O", "auto_unlock=1", "-c", "status"]), Does.Contain("unlocked successfully").And.Contain("Halted"));
            Assert.That(await PyOcd.RunAsync([.. arguments, "-c", "show locked", "-c", "reg pc", "-c", "read32 0x10000408 8"]), Does.Contain("ffffffff fffffffe").And.Not.Contain("Failed"));
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Test]
    public async Task A_board_without_power_gives_no_acknowledge_and_one_that_gets_it_back_answers_again()
    {
        lock (board.Chip.Gate) board.Supply.Switch(false);
        Assert.That(await PyOcd.CommandAsync(Port, "status"), Does.Contain("No ACK received"));
        lock (board.Chip.Gate) board.Supply.Switch(true);
        Assert.That(await PyOcd.CommandAsync(Port, "status"), Does.Contain("Running"));
    }

    [Test]
    public async Task A_megabyte_is_saved_and_the_board_takes_no_more_than_a_fifth_of_the_time()
    {
        var flash = new byte[KvMap.FlashEnd - KvMap.FlashStart];
        new Random(58).NextBytes(flash.AsSpan(0x10000));
        board.Install(flash.AsSpan(0x10000), KvMap.FlashStart + 0x10000);
        lock (board.Chip.Gate) board.Chip.Ftfe.Array.Read(0, flash);
        var folder = Directory.CreateTempSubdirectory("hilrig-savemem-");
        try
        {
            var file = Path.Combine(folder.FullName, "flash.bin");
            await SaveAsync(file); // a board lives for hours; its first second belongs to the compiler
            Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(flash));
            var shares = new List<double>();
            while (shares.Count < 3) shares.Add(await SaveAsync(file));
            Assert.That(shares.Min(), Is.LessThan(0.2), "other work on this machine can only enlarge a share");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Saves the flash; returns the share of the command's time in which the board was at work.</summary>
    private async Task<double> SaveAsync(string file)
    {
        const string Now = "$print('@', __import__('time').monotonic())";
        var before = server.Load.Busy;
        var output = await PyOcd.SessionAsync(Port, Now, $"savemem 0x10000000 0x100000 {file}", Now);
        var busy = (server.Load.Busy - before).TotalSeconds;
        var moments = output.Split('\n').Where(line => line.Contains("@ ")).Select(line => double.Parse(line.Split("@ ")[1])).ToArray();
        var seconds = moments[1] - moments[0];
        TestContext.Out.WriteLine($"savemem of 1 MB: {seconds:F3} s, {busy:F3} s of it in the board: {busy / seconds:P1}");
        return busy / seconds;
    }
}
