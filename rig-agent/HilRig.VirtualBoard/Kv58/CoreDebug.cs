namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// The debug half of the Cortex-M7: run state, core registers, and the registers of the private peripheral bus that a
/// debugger uses (facts: pyocd §3.3, §3.4). The chip holds its gate around every call.
/// </summary>
public sealed class CoreDebug
{
    private const uint Scs = 0xE000E000;
    private const uint Dfsr = 0xE000ED30;
    private const uint Aircr = 0xE000ED0C;
    private const uint Dhcsr = 0xE000EDF0;
    private const uint Dcrsr = 0xE000EDF4;
    private const uint Dcrdr = 0xE000EDF8;
    private const uint Demcr = 0xE000EDFC;

    private const uint HardFault = 3;
    private const uint ReturnToThread = 0xFFFFFFF9;

    private readonly IDebugTarget target;
    private readonly CoreRunControl run;
    private readonly CoreRegisterTransfer transfer;
    private readonly CoreSystemReset systemReset;
    private readonly CoreTrace trace = new();
    private readonly CoreWatch watch;
    private readonly CoreBreakpoints breakpoints = new();

    public CoreDebug(IDebugTarget target, TimeProvider time)
    {
        this.target = target;
        run = new CoreRunControl(Registers, new CoreExecution(target, Registers), breakpoints);
        transfer = new CoreRegisterTransfer(Registers, run);
        systemReset = new CoreSystemReset(target);
        watch = new CoreWatch(time, run, Registers);
        run.BeforeChange += watch.Settle;
        run.Changed += () => Changed?.Invoke();
    }

    /// <summary>The run state changed; raised under the chip's gate, for a board that sleeps while its core stands.</summary>
    public event Action? Changed;

    public CoreRegisters Registers { get; } = new();

    /// <summary>False while halted, locked up, in reset or without power: firmware makes no progress then.</summary>
    public bool IsRunning => run.State == CoreState.Running;

    public bool IsHalted => run.State == CoreState.Halted;

    public bool IsLockedUp => run.State == CoreState.LockedUp;

    /// <summary>Asked when a debugger lets the core go elsewhere than where it stopped: true when the chip starts known firmware there.</summary>
    public Func<uint, bool>? StartsFirmware
    {
        get => run.StartsFirmware;
        set => run.StartsFirmware = value;
    }

    /// <summary>Power-on resets so far; the debug port loses its own state with each.</summary>
    public int PowerUps { get; private set; }

    /// <summary>MDM-AP CTRL.CORE_HOLD: the core stays in reset after the next reset; clearing it lets a held core go.</summary>
    public bool HoldAfterReset
    {
        get => run.HoldAfterReset;
        set => run.HoldAfterReset = value;
    }

    /// <summary>MDM-AP CTRL.DEBUG_REQUEST: halts the core as soon as C_DEBUGEN is set.</summary>
    public bool ExternalHaltRequest
    {
        get => run.ExternalHaltRequest;
        set => run.ExternalHaltRequest = value;
    }

    /// <summary>nRESET went low or the supply went away: the core stops until <see cref="OnReset"/>.</summary>
    public void EnterReset() => run.EnterReset();

    /// <summary>The chip leaves a reset: stack pointer and PC come from the vector table, unless the core is held.</summary>
    public void OnReset(ResetCause cause, uint vectorTable)
    {
        if (cause == ResetCause.PowerOn)
        {
            PowerUps++;
            run.ClearDebug();
            trace.Clear();
            watch.Clear();
            breakpoints.Clear();
        }

        systemReset.Clear();
        run.LeaveReset(() => Registers.Reset(VectorOrOnes(vectorTable), VectorOrOnes(vectorTable + 4)));
    }

    /// <summary>The core is in the bootloader's loop from now on.</summary>
    public void EnterBootloader(uint pc, uint sp) => Enter(pc, sp);

    /// <summary>The bootloader jumped to the application.</summary>
    public void EnterApplication(uint pc, uint sp) => Enter(pc, sp);

    /// <summary>The code faulted, and the handler that the vector table names loops for ever.</summary>
    public void EnterHardFault(uint vectorTable)
    {
        Registers[CoreRegisters.Xpsr] = Registers[CoreRegisters.Xpsr] & ~0x1FFu | HardFault;
        Registers[CoreRegisters.Lr] = ReturnToThread;
        Registers.ProgramCounter = VectorOrOnes(vectorTable + HardFault * 4);
    }

    /// <summary>A fault inside a fault handler: nothing runs until a reset or a halt.</summary>
    public void EnterLockup() => run.EnterLockup();

    /// <summary>Reads a word that this half of the core owns; false when it belongs to the chip.</summary>
    public bool TryReadRegister(uint address, out uint value)
    {
        if (CoreIdentification.Words.TryGetValue(address, out value)) return true;
        switch (address)
        {
            case Dhcsr: value = run.ReadStatus(); return true;
            case Dcrsr: value = 0; return true;
            case Dcrdr: value = transfer.Data; return true;
            case Demcr: value = run.Catch; return true;
            case Dfsr: value = run.HaltReason; return true;
            case Aircr: value = systemReset.Read(); return true;
        }

        switch (address & 0xFFFFF000)
        {
            case CoreIdentification.Dwt: value = watch.Read(address & 0xFFF); return true;
            case CoreIdentification.Fpb: value = breakpoints.Read(address & 0xFFF); return true;
            case CoreIdentification.Itm or CoreIdentification.Tpiu or CoreIdentification.Etm: value = trace.Read(address); return true;
            default: return IsIdentificationPage(address);
        }
    }

    /// <summary>Writes a word that this half of the core owns; false when it belongs to the chip.</summary>
    public bool TryWriteRegister(uint address, uint value)
    {
        switch (address)
        {
            case Dhcsr: run.WriteControl(value); return true;
            case Dcrsr: transfer.Select(value); return true;
            case Dcrdr: transfer.Data = value; return true;
            case Demcr: run.Catch = value; return true;
            case Dfsr: run.HaltReason &= ~value; return true;
            case Aircr: systemReset.Write(value); return true;
        }

        switch (address & 0xFFFFF000)
        {
            case CoreIdentification.Dwt: watch.Write(address & 0xFFF, value); return true;
            case CoreIdentification.Fpb: breakpoints.Write(address & 0xFFF, value); return true;
            case CoreIdentification.Itm or CoreIdentification.Tpiu or CoreIdentification.Etm: trace.Write(address, value); return true;
            default: return CoreIdentification.Words.ContainsKey(address) || IsIdentificationPage(address);
        }
    }

    private void Enter(uint pc, uint sp)
    {
        Registers.ProgramCounter = pc;
        Registers.StackPointer = sp;
        run.StopAtBreakpoint();
    }

    private uint VectorOrOnes(uint address) => target.TryRead(address, 4, BusView.Array, out var word) ? word : uint.MaxValue;

    /// <summary>ROM tables and the identification registers of the system control space read zero where nothing is.</summary>
    private static bool IsIdentificationPage(uint address) =>
        address is >= CoreIdentification.SystemRomTable || (address & 0xFFFFF000) == Scs && (address & 0xFFF) >= 0xFD0;
}
