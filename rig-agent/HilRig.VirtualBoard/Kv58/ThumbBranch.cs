namespace HilRig.VirtualBoard.Kv58;

/// <summary>Branches, hints, and of 32-bit Thumb BL and the barriers (ARMv7-M A5.2.3, A5.2.6, A5.3.4).</summary>
internal static class ThumbBranch
{
    private const int Pc = CoreRegisters.Pc;

    public static bool TryExecute(uint op, CoreRegisters registers, CoreBus bus)
    {
        switch (op >> 8)
        {
            case 0x47: Exchange(op, registers); return true;
            case 0xB1 or 0xB3 or 0xB9 or 0xBB: CompareWithZero(op, registers); return true;
            case 0xBF when (op & 0xF) == 0: return true; // NOP, YIELD, WFE, WFI, SEV
            case >= 0xD0 and < 0xDE:
                if (ThumbFlags.Holds(registers, op >> 8 & 15)) Jump(registers, (int)(sbyte)op * 2);
                return true;
            case >= 0xE0 and < 0xE8: Jump(registers, (int)(op << 21) >> 20); return true;
            case >= 0xF0 and < 0xF8: return TryWide(op, registers, bus);
            default: return false;
        }
    }

    /// <summary>Offsets count from the instruction's address + 4; the PC already stands behind the halfword.</summary>
    private static void Jump(CoreRegisters registers, int offset) => registers.ProgramCounter += (uint)(offset + 2);

    /// <summary>BX, BLX. A target without the Thumb bit faults at its first instruction.</summary>
    private static void Exchange(uint op, CoreRegisters registers)
    {
        var destination = registers[(int)(op >> 3 & 15)];
        if ((op & 0x80) != 0) registers[CoreRegisters.Lr] = registers[Pc] | 1;
        registers.ProgramCounter = destination;
        if ((destination & 1) == 0) registers[CoreRegisters.Xpsr] &= ~(1u << 24);
    }

    private static void CompareWithZero(uint op, CoreRegisters registers)
    {
        var isZero = registers[(int)(op & 7)] == 0;
        if (isZero != ((op & 0x800) != 0)) Jump(registers, (int)(op >> 3 & 0x1F | op >> 4 & 0x20) * 2);
    }

    private static bool TryWide(uint first, CoreRegisters registers, CoreBus bus)
    {
        var second = bus.Fetch(registers.ProgramCounter);
        registers.ProgramCounter += 2;
        if (first == 0xF3BF && second >> 8 == 0x8F) return true; // DSB, DMB, ISB
        if ((second & 0xD000) != 0xD000) return false;

        uint sign = first >> 10 & 1, i1 = ~(second >> 13 ^ sign) & 1, i2 = ~(second >> 11 ^ sign) & 1;
        var offset = sign << 24 | i1 << 23 | i2 << 22 | (first & 0x3FF) << 12 | (second & 0x7FF) << 1;
        registers[CoreRegisters.Lr] = registers.ProgramCounter | 1;
        registers.ProgramCounter += (uint)((int)(offset << 7) >> 7);
        return true;
    }
}
