using System.Collections.Frozen;

namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// Who this chip says it is: every identification value that a debugger reads, as the facts list them (pyocd §3, kboot §5.2).
/// Where the two disagree (the MDM-AP's revision, bits 7:4) OpenOCD's value for Cortex-M7 Kinetis parts is taken.
/// </summary>
public static class CoreIdentification
{
    /// <summary>SW-DP, version 2.</summary>
    public const uint DebugPort = 0x5BA02477;

    /// <summary>AHB-AP, 1 KB auto-increment.</summary>
    public const uint MemoryAccessPort = 0x74770001;
    public const uint MdmAccessPort = 0x001C0030;

    /// <summary>The AHB-AP's BASE register: <see cref="SystemRomTable"/>, ADIv5 format, present.</summary>
    public const uint RomTableBase = SystemRomTable | 3;

    public const uint Itm = 0xE0000000;
    public const uint Dwt = 0xE0001000;
    public const uint Fpb = 0xE0002000;
    public const uint Scs = 0xE000E000;
    public const uint Tpiu = 0xE0040000;
    public const uint Etm = 0xE0041000;
    public const uint SystemRomTable = 0xE00FD000;
    public const uint ProcessorRomTable = 0xE00FE000;
    public const uint PpbRomTable = 0xE00FF000;

    /// <summary>Hz; the clock after reset (MCG in FEI mode), which the bootloader keeps unless its BCA says otherwise.</summary>
    public const double CoreClock = 20_971_520;

    private const uint ArmDesigner = 0x43B;
    private const uint FreescaleDesigner = 0x00E;
    private const uint RomTableClass = 0x1;
    private const uint CoreSightClass = 0x9;
    private const uint GenericClass = 0xE;

    /// <summary>Read-only words by address.</summary>
    public static FrozenDictionary<uint, uint> Words { get; } = new Dictionary<uint, uint>
    {
        [0xE000E004] = 0x00000007, // ICTR: 8 × 32 interrupt lines
        [0xE000ED00] = 0x411FC270, // CPUID: Cortex-M7 r1p0
        [0xE000ED40] = 0x00000030, // ID_PFR0
        [0xE000ED44] = 0x00000200, // ID_PFR1
        [0xE000ED48] = 0x00100000, // ID_DFR0
        [0xE000ED4C] = 0x00000000, // ID_AFR0
        [0xE000ED50] = 0x00100030, // ID_MMFR0
        [0xE000ED54] = 0x00000000, // ID_MMFR1
        [0xE000ED58] = 0x01000000, // ID_MMFR2
        [0xE000ED5C] = 0x00000000, // ID_MMFR3
        [0xE000ED60] = 0x01101110, // ID_ISAR0
        [0xE000ED64] = 0x02112000, // ID_ISAR1
        [0xE000ED68] = 0x20232231, // ID_ISAR2
        [0xE000ED6C] = 0x01111131, // ID_ISAR3: DSP
        [0xE000ED70] = 0x01310132, // ID_ISAR4
        [0xE000ED90] = 0x00000800, // MPU_TYPE: 8 regions
        [0xE000EF40] = 0x10110021, // MVFR0: single precision
        [0xE000EF44] = 0x11000011, // MVFR1
        [0xE000EF48] = 0x00000040, // MVFR2: FPv5

        [SystemRomTable] = 0x00001003, // → processor ROM table
        [SystemRomTable + 4] = 0xFFF43003, // → TPIU
        [ProcessorRomTable] = 0x00001003, // → PPB ROM table
        [ProcessorRomTable + 4] = 0xFFF43003, // → ETM
        [ProcessorRomTable + 8] = 0xFFF44002, // CTI, not present
        [PpbRomTable] = 0xFFF0F003, // → SCS
        [PpbRomTable + 4] = 0xFFF02003, // → DWT
        [PpbRomTable + 8] = 0xFFF03003, // → FPB
        [PpbRomTable + 12] = 0xFFF01003, // → ITM

        [Tpiu + 0xFC8] = 0x00000CA1, // DEVID
        [Tpiu + 0xFCC] = 0x00000011, // DEVTYPE
        [Etm + 0xFBC] = 0x47704A13, // DEVARCH: ETMv4
        [Etm + 0xFCC] = 0x00000013, // DEVTYPE
    }
    .Concat(Component(SystemRomTable, RomTableClass, FreescaleDesigner, part: 0x000))
    .Concat(Component(ProcessorRomTable, RomTableClass, ArmDesigner, part: 0x4C8))
    .Concat(Component(PpbRomTable, RomTableClass, ArmDesigner, part: 0x4C7))
    .Concat(Component(Scs, GenericClass, ArmDesigner, part: 0x00C))
    .Concat(Component(Dwt, GenericClass, ArmDesigner, part: 0x002))
    .Concat(Component(Fpb, GenericClass, ArmDesigner, part: 0x00E))
    .Concat(Component(Itm, GenericClass, ArmDesigner, part: 0x001))
    .Concat(Component(Tpiu, CoreSightClass, ArmDesigner, part: 0x9A9))
    .Concat(Component(Etm, CoreSightClass, ArmDesigner, part: 0x975))
    .ToFrozenDictionary();

    /// <summary>
    /// The twelve identification words of a 4 KB component page: PIDR4 at FD0, PIDR0..3 at FE0, CIDR0..3 at FF0.
    /// The designer is JEP106 continuation[11:8], then the 7-bit code.
    /// </summary>
    private static Dictionary<uint, uint> Component(uint page, uint componentClass, uint designer, uint part)
    {
        var code = designer & 0x7F;
        return new()
        {
            [page + 0xFD0] = designer >> 8,
            [page + 0xFE0] = part & 0xFF,
            [page + 0xFE4] = (code & 0xF) << 4 | part >> 8,
            [page + 0xFE8] = 0x8 | code >> 4,
            [page + 0xFEC] = 0,
            [page + 0xFF0] = 0x0D,
            [page + 0xFF4] = componentClass << 4,
            [page + 0xFF8] = 0x05,
            [page + 0xFFC] = 0xB1,
        };
    }
}
