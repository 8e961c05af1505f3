using System.Numerics;

namespace HilRig.VirtualBoard.Kv58;

/// <summary>Loads, stores and address arithmetic of 16-bit Thumb (ARMv7-M A5.2.4, A5.2.5).</summary>
internal static class ThumbMemory
{
    public static bool TryExecute(uint op, CoreRegisters registers, CoreBus bus)
    {
        switch (op >> 11)
        {
            case 9: registers[Rt8(op)] = bus.Load(WordPc(registers) + (op & 0xFF) * 4, 4); return true;
            case 10 or 11: RegisterOffset(op, registers, bus); return true;
            case >= 12 and <= 17: ImmediateOffset(op, registers, bus); return true;
            case 18: bus.Store(registers.StackPointer + (op & 0xFF) * 4, 4, registers[Rt8(op)]); return true;
            case 19: registers[Rt8(op)] = bus.Load(registers.StackPointer + (op & 0xFF) * 4, 4); return true;
            case 20: registers[Rt8(op)] = WordPc(registers) + (op & 0xFF) * 4; return true;
            case 21: registers[Rt8(op)] = registers.StackPointer + (op & 0xFF) * 4; return true;
            case 22 when op >> 8 == 0xB0: registers.StackPointer += (op & 0x80) == 0 ? (op & 0x7F) * 4 : (uint)-(int)((op & 0x7F) * 4); return true;
            case 22 when op >> 9 == 0x5A: Push(op, registers, bus); return true;
            case 23 when op >> 9 == 0x5E: Pop(op, registers, bus); return true;
            case 24 or 25: Multiple(op, registers, bus); return true;
            default: return false;
        }
    }

    private static int Rt8(uint op) => (int)(op >> 8 & 7);

    private static uint WordPc(CoreRegisters registers) => registers.ProgramCounter + 2 & ~3u;

    private static void RegisterOffset(uint op, CoreRegisters registers, CoreBus bus)
    {
        var t = (int)(op & 7);
        var address = registers[(int)(op >> 3 & 7)] + registers[(int)(op >> 6 & 7)];
        switch (op >> 9 & 7)
        {
            case 0: bus.Store(address, 4, registers[t]); break;
            case 1: bus.Store(address, 2, registers[t] & 0xFFFF); break;
            case 2: bus.Store(address, 1, registers[t] & 0xFF); break;
            case 3: registers[t] = (uint)(sbyte)bus.Load(address, 1); break;
            case 4: registers[t] = bus.Load(address, 4); break;
            case 5: registers[t] = bus.Load(address, 2); break;
            case 6: registers[t] = bus.Load(address, 1); break;
            default: registers[t] = (uint)(short)bus.Load(address, 2); break;
        }
    }

    /// <summary>STR, LDR, STRB, LDRB, STRH, LDRH with a 5-bit offset in units of the access.</summary>
    private static void ImmediateOffset(uint op, CoreRegisters registers, CoreBus bus)
    {
        var kind = (op >> 11) - 12;
        var size = (kind >> 1) switch { 0 => 4, 1 => 1, _ => 2 };
        var t = (int)(op & 7);
        var address = registers[(int)(op >> 3 & 7)] + (op >> 6 & 31) * (uint)size;
        if ((kind & 1) != 0) registers[t] = bus.Load(address, size);
        else bus.Store(address, size, size == 4 ? registers[t] : registers[t] & (1u << size * 8) - 1);
    }

    private static void Push(uint op, CoreRegisters registers, CoreBus bus)
    {
        var address = registers.StackPointer -= (uint)BitOperations.PopCount(op & 0x1FF) * 4;
        for (var i = 0; i <= 8; i++)
        {
            if ((op >> i & 1) == 0) continue;
            bus.Store(address, 4, registers[i == 8 ? CoreRegisters.Lr : i]);
            address += 4;
        }
    }

    private static void Pop(uint op, CoreRegisters registers, CoreBus bus)
    {
        var address = registers.StackPointer;
        registers.StackPointer += (uint)BitOperations.PopCount(op & 0x1FF) * 4;
        for (var i = 0; i <= 8; i++)
        {
            if ((op >> i & 1) == 0) continue;
            registers[i == 8 ? CoreRegisters.Pc : i] = bus.Load(address, 4);
            address += 4;
        }
    }

    private static void Multiple(uint op, CoreRegisters registers, CoreBus bus)
    {
        var n = Rt8(op);
        var isLoad = (op & 0x800) != 0;
        var address = registers[n];
        for (var i = 0; i < 8; i++)
        {
            if ((op >> i & 1) == 0) continue;
            if (isLoad) registers[i] = bus.Load(address, 4);
            else bus.Store(address, 4, registers[i]);
            address += 4;
        }

        if (!isLoad || (op >> n & 1) == 0) registers[n] = address;
    }
}
