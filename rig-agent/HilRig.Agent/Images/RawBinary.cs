using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>Bytes without addresses.</summary>
internal static class RawBinary
{
    public static Image Parse(string name, ReadOnlyMemory<byte> bytes, uint address) =>
        address + (ulong)bytes.Length > 1UL << 32
            ? throw new BadInputException($"{name}: {bytes.Length} bytes at 0x{address:X8} end beyond the 32-bit address space; correct the address")
            : new Image(name, [new ImageSegment(address, bytes)]);
}
