using System.Buffers.Binary;

namespace HilRig.Tests.VirtualBoard;

/// <summary>Applications whose bootloader configuration area (KBTLDR200RM §2.3) says something about their start. Each changes the image it is given.</summary>
internal static class ConfiguredImage
{
    /// <summary>Check my CRC: where from, how many bytes, and what it should be.</summary>
    public static byte[] ChecksCrc(byte[] image, uint start, uint count, uint expected)
    {
        var area = Area(image);
        BinaryPrimitives.WriteUInt32LittleEndian(area[0x04..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(area[0x08..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(area[0x0C..], expected);
        return image;
    }

    /// <summary>Wait so long for a host: peripheralDetectionTimeout, in ms.</summary>
    public static byte[] ListensFor(byte[] image, ushort milliseconds)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Area(image)[0x12..], milliseconds);
        return image;
    }

    /// <summary>Start me without waiting: bootFlags FE.</summary>
    public static byte[] DirectBoot(byte[] image)
    {
        Area(image)[0x1E] = 0xFE;
        return image;
    }

    /// <summary>An area that leaves everything as it is without one.</summary>
    private static Span<byte> Area(byte[] image)
    {
        var area = image.AsSpan(0x3C0, 0x40);
        area.Fill(0xFF);
        "kcfg"u8.CopyTo(area);
        return area;
    }
}
