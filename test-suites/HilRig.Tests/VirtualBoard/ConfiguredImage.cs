using System.Buffers.Binary;

namespace HilRig.Tests.VirtualBoard;

/// <summary>Applications whose bootloader configuration area (KBTLDR200RM §2.3) says something about their start. Each changes the image it is given.</summary>
internal static class ConfiguredImage
{
    private const int Area = 0x3C0;

    /// <summary>Start me without waiting: bootFlags FE.</summary>
    public static byte[] DirectBoot(byte[] image)
    {
        Configure(image);
        image[Area + 0x1E] = 0xFE;
        return image;
    }

    /// <summary>Wait so long for a host: peripheralDetectionTimeout, in ms.</summary>
    public static byte[] ListensFor(byte[] image, ushort milliseconds)
    {
        Configure(image);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(Area + 0x12), milliseconds);
        return image;
    }

    private static void Configure(byte[] image)
    {
        image.AsSpan(Area, 0x40).Fill(0xFF);
        "kcfg"u8.CopyTo(image.AsSpan(Area));
    }
}
