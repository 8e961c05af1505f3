using System.Buffers.Binary;
using HilRig.Agent.Places;

namespace HilRig.Agent.Images;

/// <summary>An application of any size, made from a seed: the same size, seed and address are the same bytes everywhere.</summary>
/// <remarks>
/// It is safe to start: every vector leads to a branch to itself. The boot configuration area stays erased, so that drawn
/// bytes can never change how the bootloader starts (KBTLDR200RM §2.3).
/// <code>
/// 00  initial stack pointer   end of the largest RAM
/// 04  Reset, NMI, HardFault   address of 10 + 1 (Thumb)
/// 10  FE E7                   b .
/// 12  drawn bytes
/// 3C0 FF × 64                 boot configuration area
/// 400 drawn bytes
/// </code>
/// </remarks>
internal static class MadeImage
{
    private const int CodeOffset = 0x10;
    private const int BootConfigurationOffset = 0x3C0;
    private const int BootConfigurationBytes = 0x40;

    public static byte[] Bytes(int size, int seed, uint address, FlashMap map)
    {
        var bytes = new byte[Math.Max(size, CodeOffset + 2)];
        // Random's algorithm for a given seed is fixed by compatibility.
        new Random(seed).NextBytes(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)map.Ram.MaxBy(bank => bank.Size).End);
        for (var vector = 4; vector < CodeOffset; vector += 4)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(vector), address + CodeOffset + 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(CodeOffset), 0xE7FE);
        if (size > BootConfigurationOffset)
            bytes.AsSpan(BootConfigurationOffset, Math.Min(BootConfigurationBytes, size - BootConfigurationOffset)).Fill(0xFF);
        return bytes[..size];
    }
}
