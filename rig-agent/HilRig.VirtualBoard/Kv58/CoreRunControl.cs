namespace HilRig.VirtualBoard.Kv58;

/// <summary>Halt, go, step and the resets between: DHCSR, DEMCR and DFSR (ARMv7-M C1.6).</summary>
/// <remarks>
/// DHCSR: key A05F [31:16] on write · S_RESET_ST 25 · S_RETIRE_ST 24 · S_LOCKUP 19 · S_SLEEP 18 · S_HALT 17 · S_REGRDY 16 ·
/// C_SNAPSTALL 5 · C_MASKINTS 3 · C_STEP 2 · C_HALT 1 · C_DEBUGEN 0.
/// </remarks>
internal sealed class CoreRunControl(CoreRegisters registers, CoreExecution execution, CoreBreakpoints breakpoints)
{
    private const uint Key = 0xA05F0000;
    private const uint DebugEnable = 1 << 0;
    private const uint Halt = 1 << 1;
    private const uint Step = 1 << 2;
    private const uint ControlBits = 0x2F;
    private const uint TransferReady = 1 << 16;
    private const uint Halted = 1 << 17;
    private const uint Lockup = 1 << 19;
    private const uint Retired = 1 << 24;
    private const uint WasReset = 1 << 25;

    private const uint CatchReset = 1 << 0;
    private const uint CatchHardFault = 1 << 10;
    private const uint CatchBits = 0x010F07F1;

    private uint control;
    private uint catchBits;
    private bool wasReset;
    private bool hasRetired;
    private bool holdAfterReset;
    private bool externalHaltRequest;
    private Action? start;
    private uint haltedAt;

    /// <summary>Raised before the run state changes, so that a counter can settle.</summary>
    public event Action? BeforeChange;

    public event Action? Changed;

    public Func<uint, bool>? StartsFirmware { get; set; }

    public CoreState State { get; private set; }

    /// <summary>S_REGRDY.</summary>
    public bool IsTransferComplete { get; set; } = true;

    /// <summary>DFSR; a write of 1 clears (the caller masks).</summary>
    public uint HaltReason { get; set; }

    /// <summary>DEMCR: vector catch and TRCENA.</summary>
    public uint Catch
    {
        get => catchBits;
        set
        {
            BeforeChange?.Invoke();
            catchBits = value & CatchBits;
        }
    }

    public bool HoldAfterReset
    {
        get => holdAfterReset;
        set
        {
            holdAfterReset = value;
            if (!value && start is not null) Start();
        }
    }

    public bool ExternalHaltRequest
    {
        get => externalHaltRequest;
        set
        {
            externalHaltRequest = value;
            HonourExternalRequest();
        }
    }

    /// <summary>DHCSR; S_RESET_ST and S_RETIRE_ST are cleared by the read.</summary>
    public uint ReadStatus()
    {
        var isExecuting = State is CoreState.Running or CoreState.Astray;
        var value = control
            | (IsTransferComplete ? TransferReady : 0)
            | (State == CoreState.Halted ? Halted | Halt : 0)
            | (State == CoreState.LockedUp ? Lockup : 0)
            | (hasRetired || isExecuting ? Retired : 0)
            | (wasReset ? WasReset : 0);
        hasRetired = false;
        wasReset = State == CoreState.InReset;
        return value;
    }

    public void WriteControl(uint value)
    {
        if ((value & 0xFFFF0000) != Key) return;
        control = (value & DebugEnable) == 0 ? 0 : value & ControlBits;
        if ((control & Halt) != 0) StopFor(CoreHaltReason.Halted);
        else if ((control & Step) != 0 && State == CoreState.Halted) StepOnce();
        else if (State == CoreState.Halted) Resume();
        HonourExternalRequest();
    }

    /// <summary>Power came: nothing of an earlier debugger is left.</summary>
    public void ClearDebug()
    {
        control = 0;
        catchBits = 0;
        HaltReason = 0;
        holdAfterReset = false;
        externalHaltRequest = false;
    }

    public void EnterReset()
    {
        start = null;
        wasReset = true;
        hasRetired = false;
        ChangeTo(CoreState.InReset);
    }

    /// <summary>Starts the core by <paramref name="loadVectors"/>, now or when the hold ends.</summary>
    public void LeaveReset(Action loadVectors)
    {
        EnterReset();
        control &= ~Halt & ~Step;
        start = loadVectors;
        if (!holdAfterReset) Start();
    }

    public void EnterLockup()
    {
        registers.ProgramCounter = CoreRegisters.LockupAddress;
        ChangeTo(CoreState.LockedUp);
        if ((catchBits & CatchHardFault) != 0) StopFor(CoreHaltReason.VectorCatch);
    }

    /// <summary>The PC moved on its own: does it stand on a breakpoint now?</summary>
    public void StopAtBreakpoint()
    {
        if (breakpoints.Match(registers.ProgramCounter)) StopFor(CoreHaltReason.Breakpoint);
    }

    private void Start()
    {
        start!();
        start = null;
        haltedAt = registers.ProgramCounter;
        ChangeTo(CoreState.Running);
        if ((catchBits & CatchReset) != 0) StopFor(CoreHaltReason.VectorCatch);
        HonourExternalRequest();
    }

    private void HonourExternalRequest()
    {
        if (externalHaltRequest) StopFor(CoreHaltReason.External);
    }

    private void StopFor(uint reason)
    {
        if ((control & DebugEnable) == 0 || State is CoreState.InReset or CoreState.Halted) return;
        if (State != CoreState.Astray) haltedAt = registers.ProgramCounter;
        HaltReason |= reason;
        ChangeTo(CoreState.Halted);
    }

    /// <summary>Where the firmware stands its model stands for the code: one instruction of it retires and the PC stays in the loop.</summary>
    private void StepOnce()
    {
        var outcome = registers.ProgramCounter == haltedAt ? ExecutionOutcome.Retired : execution.Step();
        hasRetired = outcome == ExecutionOutcome.Retired;
        HaltReason |= outcome == ExecutionOutcome.Breakpoint ? CoreHaltReason.Breakpoint : CoreHaltReason.Halted;
        control |= Halt;
    }

    /// <summary>The firmware goes on where it stood, or starts at an entry that is known; any other address is code to run for its own sake.</summary>
    private void Resume()
    {
        if (registers.ProgramCounter == CoreRegisters.LockupAddress)
        {
            EnterLockup();
            return;
        }

        var pc = registers.ProgramCounter;
        if (pc != haltedAt && StartsFirmware?.Invoke(pc) != true && RunAstray()) return;
        ChangeTo(CoreState.Running);
    }

    private bool RunAstray()
    {
        ChangeTo(CoreState.Astray);
        switch (execution.RunUntil(haltedAt, breakpoints))
        {
            case ExecutionOutcome.Breakpoint: StopFor(CoreHaltReason.Breakpoint); return true;
            case ExecutionOutcome.LockedUp: EnterLockup(); return true;
            default: return registers.ProgramCounter != haltedAt;
        }
    }

    private void ChangeTo(CoreState next)
    {
        BeforeChange?.Invoke();
        State = next;
        Changed?.Invoke();
    }
}
