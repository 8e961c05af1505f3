namespace HilRig.VirtualBoard.Kv58;

/// <summary>Moves, shifts and arithmetic of 16-bit Thumb (ARMv7-M A5.2.1–A5.2.3).</summary>
internal static class ThumbData
{
    public static bool TryExecute(uint op, CoreRegisters registers)
    {
        switch (op >> 11)
        {
            case 0 or 1 or 2: ShiftImmediate(op, registers); return true;
            case 3: AddThree(op, registers); return true;
            case 4: registers[Rdn8(op)] = ThumbFlags.SetResult(registers, op & 0xFF); return true;
            case 5: ThumbFlags.Add(registers, registers[Rdn8(op)], ~(op & 0xFF), true); return true;
            case 6: registers[Rdn8(op)] = ThumbFlags.Add(registers, registers[Rdn8(op)], op & 0xFF, false); return true;
            case 7: registers[Rdn8(op)] = ThumbFlags.Add(registers, registers[Rdn8(op)], ~(op & 0xFF), true); return true;
            case 8 when op >> 10 == 0x10: TwoRegisters(op, registers); return true;
            case 8 when op >> 8 is 0x44 or 0x45 or 0x46: HighRegisters(op, registers); return true;
            case 22 when op >> 8 == 0xB2: Extend(op, registers); return true;
            default: return false;
        }
    }

    private static int Rdn8(uint op) => (int)(op >> 8 & 7);

    private static void ShiftImmediate(uint op, CoreRegisters registers)
    {
        var amount = op >> 6 & 31;
        var kind = op >> 11;
        var source = registers[(int)(op >> 3 & 7)];
        if (kind == 0 && amount == 0) registers[(int)(op & 7)] = ThumbFlags.SetResult(registers, source);
        else registers[(int)(op & 7)] = Shift(registers, source, kind, amount == 0 ? 32 : amount);
    }

    /// <summary>Kind 0 LSL, 1 LSR, 2 ASR, 3 ROR; the last bit shifted out becomes the carry.</summary>
    private static uint Shift(CoreRegisters registers, uint value, uint kind, uint amount)
    {
        if (amount == 0) return ThumbFlags.SetResult(registers, value);
        var by = (int)Math.Min(amount, 33);
        return kind switch
        {
            0 => ThumbFlags.Shifted(registers, (uint)((ulong)value << by), ((ulong)value << by >> 32 & 1) != 0),
            1 => ThumbFlags.Shifted(registers, (uint)((ulong)value >> by), ((ulong)value >> by - 1 & 1) != 0),
            2 => ThumbFlags.Shifted(registers, (uint)((long)(int)value >> by), ((long)(int)value >> by - 1 & 1) != 0),
            _ => ThumbFlags.Shifted(registers, uint.RotateRight(value, (int)amount), uint.RotateRight(value, (int)amount) >> 31 != 0),
        };
    }

    private static void AddThree(uint op, CoreRegisters registers)
    {
        var operand = (op & 0x400) != 0 ? op >> 6 & 7 : registers[(int)(op >> 6 & 7)];
        var isSubtraction = (op & 0x200) != 0;
        registers[(int)(op & 7)] = ThumbFlags.Add(registers, registers[(int)(op >> 3 & 7)], isSubtraction ? ~operand : operand, isSubtraction);
    }

    private static void TwoRegisters(uint op, CoreRegisters registers)
    {
        var d = (int)(op & 7);
        uint left = registers[d], right = registers[(int)(op >> 3 & 7)];
        switch (op >> 6 & 15)
        {
            case 0: registers[d] = ThumbFlags.SetResult(registers, left & right); break;
            case 1: registers[d] = ThumbFlags.SetResult(registers, left ^ right); break;
            case 2: registers[d] = Shift(registers, left, 0, right & 0xFF); break;
            case 3: registers[d] = Shift(registers, left, 1, right & 0xFF); break;
            case 4: registers[d] = Shift(registers, left, 2, right & 0xFF); break;
            case 5: registers[d] = ThumbFlags.Add(registers, left, right, ThumbFlags.Carry(registers)); break;
            case 6: registers[d] = ThumbFlags.Add(registers, left, ~right, ThumbFlags.Carry(registers)); break;
            case 7: registers[d] = Shift(registers, left, 3, right & 0xFF); break;
            case 8: ThumbFlags.SetResult(registers, left & right); break;
            case 9: registers[d] = ThumbFlags.Add(registers, 0, ~right, true); break;
            case 10: ThumbFlags.Add(registers, left, ~right, true); break;
            case 11: ThumbFlags.Add(registers, left, right, false); break;
            case 12: registers[d] = ThumbFlags.SetResult(registers, left | right); break;
            case 13: registers[d] = ThumbFlags.SetResult(registers, left * right); break;
            case 14: registers[d] = ThumbFlags.SetResult(registers, left & ~right); break;
            default: registers[d] = ThumbFlags.SetResult(registers, ~right); break;
        }
    }

    private static void HighRegisters(uint op, CoreRegisters registers)
    {
        var d = (int)(op & 7 | op >> 4 & 8);
        uint left = Operand(registers, d), right = Operand(registers, (int)(op >> 3 & 15));
        switch (op >> 8)
        {
            case 0x44: registers[d] = left + right; break;
            case 0x45: ThumbFlags.Add(registers, left, ~right, true); break;
            default: registers[d] = right; break;
        }
    }

    /// <summary>The PC as an operand is the instruction's address + 4.</summary>
    private static uint Operand(CoreRegisters registers, int number) => registers[number] + (number == CoreRegisters.Pc ? 2u : 0);

    private static void Extend(uint op, CoreRegisters registers)
    {
        var source = registers[(int)(op >> 3 & 7)];
        registers[(int)(op & 7)] = (op >> 6 & 3) switch
        {
            0 => (uint)(short)source,
            1 => (uint)(sbyte)source,
            2 => (ushort)source,
            _ => (byte)source,
        };
    }
}
