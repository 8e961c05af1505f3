using System.Buffers.Binary;
using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>
/// ELF for 32-bit ARM (System V ABI, ARM IHI 0044): the file bytes of every loadable segment at its physical address, which is
/// where the linker wants initialised data stored.
/// </summary>
internal static class ElfFile
{
    private const int HeaderSize = 52;
    private const int ProgramHeaderSize = 32;
    private const uint Loadable = 1;
    private const ushort MachineArm = 40;

    /// <summary>7F 45 4C 46.</summary>
    public static bool IsElf(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\x7F"u8) && bytes[1..].StartsWith("ELF"u8);

    public static Image Parse(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            throw new BadInputException($"{file}: the ELF file ends in its header; is it cut off?");
        var is32BitLittleEndian = bytes[4] == 1 && bytes[5] == 1;
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        if (!is32BitLittleEndian || machine != MachineArm)
            throw new BadInputException($"{file}: is an ELF file for another machine (class {bytes[4]}, machine {machine}); expected 32-bit little-endian ARM (40)");

        var segments = new SegmentBuilder(file);
        var table = BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[42..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[44..]);
        for (var index = 0; index < count; index++)
        {
            var header = Slice(file, bytes, table + (ulong)index * size, ProgramHeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Loadable)
                continue;
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var address = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
            segments.Add(address, Slice(file, bytes, offset, length));
        }
        return segments.Build();
    }

    private static ReadOnlySpan<byte> Slice(string file, ReadOnlySpan<byte> bytes, ulong offset, ulong length) =>
        offset + length <= (ulong)bytes.Length
            ? bytes.Slice((int)offset, (int)length)
            : throw new BadInputException($"{file}: the ELF file points to {length} bytes at {offset}, beyond its {bytes.Length}; is it cut off?");
}
