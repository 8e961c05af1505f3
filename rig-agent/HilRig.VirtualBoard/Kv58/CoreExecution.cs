namespace HilRig.VirtualBoard.Kv58;

/// <summary>How an executed instruction ended.</summary>
internal enum ExecutionOutcome
{
    Retired,
    Breakpoint,
    LockedUp,
}

/// <summary>
/// Executes 16-bit Thumb code for a debugger: a single step, or a small routine that it put somewhere. The firmware itself
/// is a model and is never executed. Loads and stores are the core's, so they see its D-cache (facts: pyocd §6.2).
/// </summary>
internal sealed class CoreExecution(IDebugTarget target, CoreRegisters registers)
{
    /// <summary>A routine longer than this counts as one that never ends.</summary>
    private const int InstructionLimit = 1_000_000;
    private const uint HardFault = 3;
    private const uint VectorTableOffset = 0xE000ED08;
    private const uint ReturnToThread = 0xFFFFFFF9;

    private readonly CoreBus bus = new(target);

    public ExecutionOutcome Step()
    {
        try
        {
            if (!registers.IsThumb) throw new CoreFaultException();
            var at = registers.ProgramCounter;
            var instruction = bus.Fetch(at);
            if (instruction >> 8 == 0xBE) return ExecutionOutcome.Breakpoint;
            registers.ProgramCounter = at + 2;
            if (!ThumbData.TryExecute(instruction, registers)
                && !ThumbMemory.TryExecute(instruction, registers, bus)
                && !ThumbBranch.TryExecute(instruction, registers, bus)) throw new CoreFaultException();
            return ExecutionOutcome.Retired;
        }
        catch (CoreFaultException)
        {
            return TakeHardFault();
        }
    }

    /// <summary>Runs until <paramref name="end"/> is reached, a breakpoint hits, or it is plain that neither will be.</summary>
    public ExecutionOutcome RunUntil(uint end, CoreBreakpoints breakpoints)
    {
        for (var left = InstructionLimit; left > 0; left--)
        {
            var before = registers.ProgramCounter;
            var outcome = Step();
            if (outcome != ExecutionOutcome.Retired) return outcome;
            if (breakpoints.Match(registers.ProgramCounter)) return ExecutionOutcome.Breakpoint;
            if (registers.ProgramCounter == end || registers.ProgramCounter == before) break;
        }

        return ExecutionOutcome.Retired;
    }

    /// <summary>Every fault escalates, as no handler is enabled; without a usable vector or stack the core locks up.</summary>
    private ExecutionOutcome TakeHardFault()
    {
        try
        {
            if ((registers[CoreRegisters.Xpsr] & 0x1FF) == HardFault) throw new CoreFaultException();
            PushFrame();
            var handler = bus.Load(bus.Load(VectorTableOffset, 4) + HardFault * 4, 4);
            if ((handler & 1) == 0) throw new CoreFaultException();
            bus.Fetch(handler & ~1u);
            registers[CoreRegisters.Xpsr] = registers[CoreRegisters.Xpsr] & ~0x1FFu | HardFault;
            registers[CoreRegisters.Lr] = ReturnToThread;
            registers.ProgramCounter = handler;
            return ExecutionOutcome.Retired;
        }
        catch (CoreFaultException)
        {
            registers.ProgramCounter = CoreRegisters.LockupAddress;
            return ExecutionOutcome.LockedUp;
        }
    }

    /// <summary>r0–r3, r12, LR, PC, xPSR, upwards from the new stack pointer.</summary>
    private void PushFrame()
    {
        ReadOnlySpan<int> frame = [0, 1, 2, 3, 12, CoreRegisters.Lr, CoreRegisters.Pc, CoreRegisters.Xpsr];
        var top = registers.StackPointer - (uint)frame.Length * 4;
        for (var i = 0; i < frame.Length; i++) bus.Store(top + (uint)i * 4, 4, registers[frame[i]]);
        registers.StackPointer = top;
    }
}
