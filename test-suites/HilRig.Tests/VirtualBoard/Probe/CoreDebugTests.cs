using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>Run control of the core by register (ARMv7-M C1.6, facts: pyocd §3.4).</summary>
public class CoreDebugTests
{
    private const uint Dhcsr = 0xE000EDF0, Dcrsr = 0xE000EDF4, Dcrdr = 0xE000EDF8, Demcr = 0xE000EDFC, Dfsr = 0xE000ED30, Aircr = 0xE000ED0C;
    private const uint Key = 0xA05F0000, Enabled = 1, Halt = 3, Step = 0xD;
    private const uint IsHalted = 1 << 17, IsLockedUp = 1 << 19, WasReset = 1 << 25, RegisterReady = 1 << 16;

    private BareChip chip;
    private HandTime time;

    [SetUp]
    public void PowerUp()
    {
        time = new HandTime();
        chip = new BareChip(time);
    }

    [Test]
    public void S_RESET_ST_is_cleared_by_its_read_except_while_in_reset()
    {
        Assert.That(Read(Dhcsr) & WasReset, Is.Not.Zero);
        Assert.That(Read(Dhcsr) & WasReset, Is.Zero);
        chip.DrivePinReset(low: true);
        Assert.That(Read(Dhcsr) & WasReset, Is.Not.Zero);
        Assert.That(Read(Dhcsr) & WasReset, Is.Not.Zero);
    }

    [Test]
    public void A_write_without_the_key_does_nothing()
    {
        Write(Dhcsr, 0x12340000 | Halt);
        Write(Aircr, 0x12340004);
        Assert.That(chip.Core.IsRunning, Is.True);
        Assert.That(chip.Resets, Has.Count.EqualTo(1));
    }

    [Test]
    public void Halt_needs_debug_enable_and_go_lets_the_firmware_go_on()
    {
        Write(Dhcsr, Key | 2);
        Assert.That(chip.Core.IsRunning, Is.True);
        Write(Dhcsr, Key | Halt);
        Assert.That(Read(Dhcsr) & 0xFFFF, Is.EqualTo(Halt));
        Assert.That(Read(Dfsr), Is.EqualTo(1));
        Write(Dfsr, 0x1F);
        Assert.That(Read(Dfsr), Is.Zero);
        Write(Dhcsr, Key | Enabled);
        Assert.That(chip.Core.IsRunning, Is.True);
    }

    [Test]
    public void A_debugger_that_leaves_lets_a_halted_core_run()
    {
        Write(Dhcsr, Key | Halt);
        Write(Dhcsr, Key);
        Assert.That(chip.Core.IsRunning, Is.True);
    }

    [Test]
    public void A_board_that_sleeps_is_told_when_its_core_goes_on()
    {
        Write(Dhcsr, Key | Halt);
        var states = new List<bool>();
        chip.Core.Changed += () => states.Add(chip.Core.IsRunning);
        Write(Dhcsr, Key | Enabled);
        Assert.That(states, Is.EqualTo(new[] { true }));
    }

    [TestCase(13)]
    [TestCase(CoreRegisters.Psp)]
    [TestCase(CoreRegisters.S0 + 31)]
    [TestCase(CoreRegisters.Fpscr)]
    [TestCase(0)]
    public void A_register_written_by_DCRSR_reads_back_by_it(int number)
    {
        Write(Dhcsr, Key | Halt);
        WriteCore(number, 0x12345678);
        Assert.That(ReadCore(number), Is.EqualTo(0x12345678));
    }

    [Test]
    public void SP_is_the_stack_that_CONTROL_selects()
    {
        Write(Dhcsr, Key | Halt);
        WriteCore(CoreRegisters.Msp, 0x20001000);
        WriteCore(CoreRegisters.Psp, 0x20002000);
        Assert.That(ReadCore(13), Is.EqualTo(0x20001000));
        WriteCore(CoreRegisters.ControlAndMasks, 0x02000000);
        Assert.That(ReadCore(13), Is.EqualTo(0x20002000));
    }

    [Test]
    public void A_register_of_a_running_core_is_not_ready()
    {
        Write(Dhcsr, Key | Enabled);
        Write(Dcrsr, 0);
        Assert.That(Read(Dhcsr) & RegisterReady, Is.Zero);
    }

    [TestCase(0x05FA0004u, ResetCause.SystemResetRequest)]
    [TestCase(0x05FA0001u, ResetCause.CoreOnly)]
    public void A_caught_reset_halts_at_the_reset_handler_and_keeps_the_debugger_enabled(uint request, ResetCause cause)
    {
        Write(Dhcsr, Key | Enabled);
        Write(Demcr, 0x01000001);
        Write(Aircr, request);
        Assert.That(chip.Resets[^1], Is.EqualTo(cause));
        Assert.That(Read(Dhcsr), Is.EqualTo(WasReset | IsHalted | RegisterReady | Halt));
        Assert.That(Read(Dfsr), Is.EqualTo(8));
        Assert.That(Read(Demcr), Is.EqualTo(0x01000001));
        Assert.That(ReadCore(15), Is.EqualTo(BareChip.ResetHandler & ~1u));
        Assert.That(ReadCore(13), Is.EqualTo(BareChip.InitialStack));
    }

    [Test]
    public void Power_on_forgets_the_debugger()
    {
        Write(Dhcsr, Key | Halt);
        Write(Demcr, 0x01000001);
        chip.SetPower(false);
        chip.SetPower(true);
        Assert.That(chip.Core.IsRunning, Is.True);
        Assert.That(Read(Dhcsr) & 0xFFFF, Is.Zero);
        Assert.That(Read(Demcr), Is.Zero);
    }

    [Test]
    public void Lockup_shows_its_own_PC_and_a_halt_ends_it_until_go()
    {
        chip.Core.EnterLockup();
        Assert.That(Read(Dhcsr) & IsLockedUp, Is.Not.Zero);
        Write(Dhcsr, Key | Halt);
        Assert.That(Read(Dhcsr) & (IsLockedUp | IsHalted), Is.EqualTo(IsHalted));
        Assert.That(ReadCore(15), Is.EqualTo(0xFFFFFFFE));
        Write(Dhcsr, Key | Enabled);
        Assert.That(chip.Core.IsLockedUp, Is.True);
    }

    [Test]
    public void A_breakpoint_stops_the_jump_to_the_application()
    {
        Write(Dhcsr, Key | Enabled);
        Write(0xE0002000, 3);
        Write(0xE0002008, 0x1000A500 | 1);
        chip.Core.EnterApplication(0x1000A501, 0x20010000);
        Assert.That(chip.Core.IsHalted, Is.True);
        Assert.That(Read(Dfsr), Is.EqualTo(2));
        Assert.That(ReadCore(15), Is.EqualTo(0x1000A500));
    }

    [Test]
    public void The_cycle_counter_counts_while_the_core_runs()
    {
        Write(Demcr, 0x01000000);
        Write(0xE0001000, 1);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Read(0xE0001004), Is.EqualTo(20_971_520).Within(1));
        Write(Dhcsr, Key | Halt);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Read(0xE0001004), Is.EqualTo(20_971_520).Within(1));
    }

    [Test]
    public void Stepping_a_borrowed_load_reads_what_the_core_reads()
    {
        chip.Cached[BareChip.Flash + 0x2000] = 0x00;
        chip.TryWrite(0x0000FFF0, 2, 0x6808, BusView.Array); // LDR r0,[r1]
        Write(Dhcsr, Key | Halt);
        WriteCore(1, BareChip.Flash + 0x2000);
        WriteCore(15, 0x0000FFF0);
        Write(Dhcsr, Key | Step);
        Assert.That(ReadCore(0), Is.EqualTo(0xFFFFFF00));
        Assert.That(ReadCore(15), Is.EqualTo(0x0000FFF2));
        Assert.That(Read(Dhcsr) & (1 << 24 | IsHalted), Is.EqualTo(1u << 24 | IsHalted), "one instruction retired");
    }

    [Test]
    public void A_load_from_nowhere_ends_in_lockup_when_no_fault_handler_exists()
    {
        chip.TryWrite(0x0000FFF0, 2, 0x6808, BusView.Array);
        Write(Dhcsr, Key | Halt);
        WriteCore(1, 0x60000000);
        WriteCore(15, 0x0000FFF0);
        Write(Dhcsr, Key | Step);
        Assert.That(ReadCore(15), Is.EqualTo(0xFFFFFFFE));
    }

    private uint Read(uint address) => chip.TryRead(address, 4, BusView.Array, out var value) ? value : throw new InvalidOperationException($"{address:X8} faults");

    private void Write(uint address, uint value) => Assert.That(chip.TryWrite(address, 4, value, BusView.Array), Is.True);

    private uint ReadCore(int number)
    {
        Write(Dcrsr, (uint)number);
        return Read(Dcrdr);
    }

    private void WriteCore(int number, uint value)
    {
        Write(Dcrdr, value);
        Write(Dcrsr, 0x10000 | (uint)number);
    }

    private sealed class HandTime : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan by) => now += by.Ticks;
    }
}
