using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HilRig.VirtualBoard.Kv58;

/// <summary>The SIM's identification registers: which chip this is, and which of its kind.</summary>
public sealed class SystemIntegration
{
    public const uint DeviceIdAddress = 0x40048024;
    public const uint FlashConfigurationAddress = 0x4004804C;
    public const uint UniqueIdAddress = 0x40048054;

    /// <summary>Family KV58; the low half (revision, die, pin count) is not published and is ours.</summary>
    public const uint DeviceId = 0x58601180;

    /// <summary>FCFG1.PFSIZE = 0xD: 1 MB.</summary>
    private const uint FlashConfiguration = 0x0D000000;

    private readonly uint[] uniqueId = new uint[4];

    public SystemIntegration(string name, int seed)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{name}/{seed}"));
        for (var word = 0; word < uniqueId.Length; word++)
            uniqueId[word] = BinaryPrimitives.ReadUInt32LittleEndian(digest.AsSpan(word * 4));
    }

    /// <summary>UIDH, UIDMH, UIDML, UIDL.</summary>
    public IReadOnlyList<uint> UniqueId => uniqueId;

    public uint Read(uint address) => address switch
    {
        DeviceIdAddress => DeviceId,
        FlashConfigurationAddress => FlashConfiguration,
        >= UniqueIdAddress and < UniqueIdAddress + 16 => uniqueId[(address - UniqueIdAddress) / 4],
        _ => 0,
    };
}
