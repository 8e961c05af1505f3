using System.Buffers.Binary;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>The real pyOCD against the debug port.</summary>
public class PyOcdTests
{
    private ServedChip board;

    [SetUp]
    public void Serve() => board = new ServedChip();

    [TearDown]
    public async Task Stop() => await board.DisposeAsync();

    [Test]
    public async Task It_connects_and_finds_a_running_Cortex_M7()
    {
        var output = await PyOcd.CommandAsync(board.Port, ["-v"], ["status"]);
        Assert.That(output, Does.Contain("Running").And.Contain("Cortex-M7 r1p0").And.Contain("8 hardware breakpoints, 1 literal comparators")
            .And.Contain("4 hardware watchpoints").And.Contain("FPv5-SP-D16-M"));
    }

    [Test]
    public async Task It_halts_reads_and_writes_registers_and_lets_go()
    {
        var output = await PyOcd.CommandAsync(board.Port, "halt", "status", "reg pc sp lr xpsr control", "wreg r7 0x12345678", "reg r7", "go", "status");
        Assert.That(output, Does.Contain("Halted").And.Contain($"{BareChip.ResetHandler & ~1u:x8}").And.Contain($"{BareChip.InitialStack:x8}").And.Contain("12345678").And.Contain("Running"));
        Assert.That(board.Chip.Core.IsRunning, Is.True);
    }

    [Test]
    public async Task It_reads_and_writes_memory_in_every_size()
    {
        var output = await PyOcd.CommandAsync(board.Port,
            "write32 0x20000000 0x44332211 0x88776655", "write16 0x20000006 0xBEEF", "write8 0x20000001 0xA5",
            "read32 0x20000000 8", "read16 0x20000002 4", "read8 0x20000001 3", "read32 0xE000ED00");
        Assert.That(output, Does.Contain("20000000:  4433a511 beef6655").And.Contain("20000002:  4433 6655").And.Contain("20000001:  a5 33 44").And.Contain("411fc270"));
    }

    [TestCase("reset", ResetCause.SystemResetRequest)]
    [TestCase("reset system", ResetCause.SystemResetRequest)]
    [TestCase("reset hardware", ResetCause.Pin)]
    [TestCase("reset core", ResetCause.CoreOnly)]
    public async Task Every_reset_runs_on_or_halts_at_the_reset_handler(string command, ResetCause cause)
    {
        var output = await PyOcd.CommandAsync(board.Port, command, "status", command.Replace("reset", "reset halt"), "status", "reg pc");
        Assert.That(board.Chip.Resets.Skip(1), Is.EqualTo(new[] { cause, cause }));
        Assert.That(output, Does.Match(@"(?s)Running.*Halted.*pc.*10000410").And.Not.Contain("timed out").And.Not.Contain("Failed"));
    }

    [Test]
    public async Task HPROT_chooses_between_the_array_and_what_the_core_sees()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(board.Chip.FlashBytes.AsSpan(0x2000), 0xCAFEF00D);
        board.Chip.Cached[BareChip.Flash + 0x2000] = 0x00;
        var output = await PyOcd.CommandAsync(board.Port, "set hprot 0x3", "read32 0x10002000", "set hprot 0xb", "read32 0x10002000");
        Assert.That(output, Does.Match("(?s)cafef00d.*cafef000"));
    }

    [Test]
    public async Task The_core_reads_its_cache_when_a_load_is_stepped()
    {
        board.Chip.Cached[BareChip.Flash + 0x2000] = 0x00;
        var output = await PyOcd.CommandAsync(board.Port,
            "halt", "write16 0x0000fff0 0x6808", "wreg r1 0x10002000", "wreg pc 0x0000fff0", "step", "reg r0 pc");
        Assert.That(output, Does.Contain("ffffff00").And.Contain("0000fff2"));
    }

    [Test]
    public async Task Security_is_read_from_the_MDM_without_a_core_and_a_mass_erase_lifts_it()
    {
        board.Chip.IsSecured = true;
        var output = await PyOcd.CommandAsync(board.Port, ["-N"],
            ["initdp", "readap 1 0xfc", "readap 1 0", "set nreset 0", "writeap 1 4 1", "readap 1 4", "readap 1 0", "set nreset 1", "readap 1 0"]);
        Assert.That(output, Does.Match("(?s)0x0000003e.*0x00000000.*0x00000033.*0x0000003"));
        Assert.That(board.Chip.FlashBytes[0x40C], Is.EqualTo(0xFE));
    }

    [Test]
    public async Task A_secured_part_has_no_cores_for_it()
    {
        board.Chip.IsSecured = true;
        Assert.That(await PyOcd.CommandAsync(board.Port, "status"), Does.Contain("No cores were discovered!"));
    }

    [Test]
    public async Task An_unmapped_address_faults_and_the_session_goes_on()
    {
        var output = await PyOcd.SessionAsync(board.Port, "read32 0x60000000", "read32 0x20000000", "write32 0x60000000 1", "read32 0xE000ED00");
        Assert.That(output, Does.Contain("Memory transfer fault").And.Contain("@ 0x60000000").And.Contain("20000000:  00000000").And.Contain("411fc270"));
    }

    [Test]
    public async Task A_lockup_is_seen_and_a_halt_shows_its_PC()
    {
        lock (board.Chip.Gate) board.Chip.Core.EnterLockup();
        var output = await PyOcd.CommandAsync(board.Port, "status", "halt", "reg pc");
        Assert.That(output, Does.Contain("Lockup").And.Contain("fffffffe"));
    }

    [Test]
    public async Task Under_reset_it_halts_the_core_before_its_first_instruction()
    {
        var output = await PyOcd.CommandAsync(board.Port, ["-M", "under-reset"], ["status", "reg pc"]);
        Assert.That(output, Does.Contain("Halted").And.Contain("10000410"));
        Assert.That(board.Chip.IsHeldInReset, Is.False);
    }

    [Test]
    public async Task Several_clients_read_at_once_and_none_reads_the_others_data()
    {
        for (var i = 0; i < 0x10000; i++) board.Chip.FlashBytes[i] = (byte)(i >> 8);
        var outputs = await Task.WhenAll(Enumerable.Range(0, 3).Select(client =>
            PyOcd.CommandAsync(board.Port, Enumerable.Repeat($"find 0x{BareChip.Flash + 0x1000 * client:x8} 0x1000 0x{client * 0x10 + 5:x2} 0x{client * 0x10 + 6:x2}", 8).ToArray())));
        for (var client = 0; client < 3; client++)
            Assert.That(outputs[client].Split($"{BareChip.Flash + 0x1000 * client + 0x5FF:x8}"), Has.Length.EqualTo(9), $"client {client}");
    }

    [Test]
    public async Task A_board_that_lost_power_gives_no_acknowledge()
    {
        board.Chip.SetPower(false);
        Assert.That(await PyOcd.CommandAsync(board.Port, "status"), Does.Contain("No ACK received"));
    }

}
