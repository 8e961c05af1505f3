namespace HilRig.VirtualBoard.Kv58;

/// <summary>The core's registers, numbered as DCRSR.REGSEL numbers them (ARMv7-M C1.6.4).</summary>
public sealed class CoreRegisters
{
    public const int Sp = 13;
    public const int Lr = 14;
    public const int Pc = 15;
    public const int Xpsr = 16;
    public const int Msp = 17;
    public const int Psp = 18;

    /// <summary>CONTROL[31:24], FAULTMASK[23:16], BASEPRI[15:8], PRIMASK[7:0].</summary>
    public const int ControlAndMasks = 20;
    public const int Fpscr = 33;
    public const int S0 = 64;

    /// <summary>What the PC reads in lockup.</summary>
    public const uint LockupAddress = 0xFFFFFFFE;

    private const uint ThumbBit = 1 << 24;
    private const uint ProcessStackSelected = 2u << 24;

    private readonly uint[] words = new uint[S0 + 32];

    public uint ProgramCounter
    {
        get => words[Pc];
        set => words[Pc] = value & ~1u;
    }

    public uint StackPointer
    {
        get => words[ActiveStack];
        set => words[ActiveStack] = value & ~3u;
    }

    /// <summary>EPSR.T: without it the next instruction faults.</summary>
    public bool IsThumb => (words[Xpsr] & ThumbBit) != 0;

    /// <summary>Reads 0 for a number that names no register.</summary>
    public uint this[int number]
    {
        get => number == Sp ? StackPointer : IsImplemented(number) ? words[number] : 0;
        set
        {
            if (number == Sp) StackPointer = value;
            else if (number is Msp or Psp) words[number] = value & ~3u;
            else if (number == Pc) ProgramCounter = value;
            else if (IsImplemented(number)) words[number] = value;
        }
    }

    /// <summary>Takes the first two words of a vector table, as the core does when it leaves reset.</summary>
    public void Reset(uint stackPointer, uint resetHandler)
    {
        words[ControlAndMasks] = 0;
        words[Msp] = stackPointer & ~3u;
        words[Lr] = uint.MaxValue;
        ProgramCounter = resetHandler;
        words[Xpsr] = (resetHandler & 1) == 0 ? 0 : ThumbBit;
        words[Fpscr] = 0;
    }

    private int ActiveStack => (words[ControlAndMasks] & ProcessStackSelected) == 0 ? Msp : Psp;

    private static bool IsImplemented(int number) => number is >= 0 and <= Psp or ControlAndMasks or Fpscr or >= S0 and < S0 + 32;
}
