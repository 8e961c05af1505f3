namespace HilRig.Agent.Probe;

/// <summary>Whether the core's L1 caches are on, and what they are like (Armv7-M ARM, B3.2.8, B4.8).</summary>
/// <param name="Ccr">SCB CCR: bit 16 DC, bit 17 IC.</param>
/// <param name="Clidr">Which caches there are; the two low bits say separate instruction and data caches at level 1.</param>
/// <param name="DataSize">CCSIDR of the data cache.</param>
/// <param name="InstructionSize">CCSIDR of the instruction cache.</param>
public sealed record CoreCaches(uint Ccr, uint Clidr, uint DataSize, uint InstructionSize)
{
    internal const uint CcrAddress = 0xE000ED14;

    private const uint ClidrAddress = 0xE000ED78, CcsidrAddress = 0xE000ED80, CsselrAddress = 0xE000ED84;

    public bool IsDataCacheOn => (Ccr >> 16 & 1) != 0;

    public bool IsInstructionCacheOn => (Ccr >> 17 & 1) != 0;

    /// <summary>CSSELR chooses which CCSIDR is seen and belongs to the firmware too: read with the core halted, and put back.</summary>
    public static async Task<CoreCaches> ReadAsync(HaltedCore core, CancellationToken cancellationToken)
    {
        var probe = core.Probe;
        var words = await probe.ReadWordsAsync([CcrAddress, ClidrAddress, CsselrAddress], cancellationToken);
        try
        {
            await probe.WriteWordAsync(CsselrAddress, 0, cancellationToken);
            var data = await probe.ReadWordAsync(CcsidrAddress, cancellationToken);
            await probe.WriteWordAsync(CsselrAddress, 1, cancellationToken);
            var instruction = await probe.ReadWordAsync(CcsidrAddress, cancellationToken);
            return new CoreCaches(words[0], words[1], data, instruction);
        }
        finally
        {
            await probe.WriteWordAsync(CsselrAddress, words[2], CancellationToken.None);
        }
    }

    public override string ToString() =>
        $"CCR 0x{Ccr:X8} (D-cache {(IsDataCacheOn ? "on" : "off")}, I-cache {(IsInstructionCacheOn ? "on" : "off")}), CLIDR 0x{Clidr:X8}, CCSIDR data 0x{DataSize:X8} ({Shape(DataSize)}), instruction 0x{InstructionSize:X8} ({Shape(InstructionSize)})";

    /// <summary>NumSets-1 [27:13], Associativity-1 [12:3], log2(words a line)-2 [2:0].</summary>
    internal static string Shape(uint ccsidr)
    {
        var (sets, ways, line) = ((ccsidr >> 13 & 0x7FFF) + 1, (ccsidr >> 3 & 0x3FF) + 1, 16u << (int)(ccsidr & 7));
        return $"{sets * ways * line / 1024} KB, {ways} ways, {line}-byte lines";
    }
}
