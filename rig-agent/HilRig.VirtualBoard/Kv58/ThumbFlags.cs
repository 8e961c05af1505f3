namespace HilRig.VirtualBoard.Kv58;

/// <summary>N Z C V in xPSR[31:28], and the arithmetic that sets them.</summary>
internal static class ThumbFlags
{
    private const int Xpsr = CoreRegisters.Xpsr;

    public static bool Carry(CoreRegisters registers) => (registers[Xpsr] >> 29 & 1) != 0;

    public static uint SetResult(CoreRegisters registers, uint result)
    {
        registers[Xpsr] = registers[Xpsr] & 0x3FFFFFFF | result & 0x80000000 | (result == 0 ? 1u << 30 : 0);
        return result;
    }

    public static uint Shifted(CoreRegisters registers, uint result, bool carry)
    {
        registers[Xpsr] = registers[Xpsr] & ~(1u << 29) | (carry ? 1u << 29 : 0);
        return SetResult(registers, result);
    }

    /// <summary>Subtraction is <c>Add(a, ~b, true)</c>.</summary>
    public static uint Add(CoreRegisters registers, uint left, uint right, bool carry)
    {
        var wide = (ulong)left + right + (carry ? 1u : 0);
        var result = (uint)wide;
        var overflow = ((left ^ result) & (right ^ result)) >> 31;
        registers[Xpsr] = registers[Xpsr] & ~(1u << 28) | overflow << 28;
        return Shifted(registers, result, wide > uint.MaxValue);
    }

    /// <summary>The sixteen conditions of B; 14 is undefined, 15 is SVC.</summary>
    public static bool Holds(CoreRegisters registers, uint condition)
    {
        var psr = registers[Xpsr];
        bool n = psr >> 31 != 0, z = (psr >> 30 & 1) != 0, c = (psr >> 29 & 1) != 0, v = (psr >> 28 & 1) != 0;
        var holds = (condition >> 1) switch
        {
            0 => z,
            1 => c,
            2 => n,
            3 => v,
            4 => c && !z,
            5 => n == v,
            6 => n == v && !z,
            _ => true,
        };
        return (condition & 1) == 0 ? holds : !holds;
    }
}
