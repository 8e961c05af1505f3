namespace HilRig.VirtualBoard.Kv58;

/// <summary>ITM, TPIU and ETM: registers that hold what is written. A debugger that attaches turns the firmware's trace off.</summary>
internal sealed class CoreTrace
{
    private const uint LockStatus = CoreIdentification.Itm + 0xFB4;
    private const uint LockPresent = 1;
    private const uint TriggerPorts = CoreIdentification.Itm + 0x100;

    private readonly Dictionary<uint, uint> words = [];

    /// <summary>Stimulus ports always read ready.</summary>
    public uint Read(uint address) => address switch
    {
        LockStatus => LockPresent,
        >= CoreIdentification.Itm and < TriggerPorts => 1,
        _ => words.GetValueOrDefault(address),
    };

    public void Write(uint address, uint value)
    {
        if (!CoreIdentification.Words.ContainsKey(address)) words[address] = value;
    }

    public void Clear() => words.Clear();
}
