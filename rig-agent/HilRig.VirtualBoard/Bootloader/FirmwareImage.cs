using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>Builds synthetic images: a valid vector table, a profile, and bytes that only look like code.</summary>
public static class FirmwareImage
{
    /// <summary>Size of NXP's IAR release build; its end rounds up to 0x10005FFF.</summary>
    public const int BootloaderSize = 0x4BE0;

    /// <summary>A build without optimisation is larger; how much is ours, so that its end rounds up to 0x10007FFF.</summary>
    public const int DebugBootloaderSize = 0x6B00;

    /// <summary>Smallest application: vector table, profile and the two areas left blank.</summary>
    public const int MinApplicationSize = 0x440;

    public const int MaxApplicationSize = (int)(KvMap.FlashEnd - KvMap.ApplicationStart);

    public const int MaxBootloaderSize = (int)(KvMap.ApplicationStart - KvMap.FlashStart);

    /// <summary>The bootloader's own RAM, as the KDS linker file places it.</summary>
    public const uint BootloaderRamEnd = KvMap.DtcmStart + 0x5FFF;

    private const int ProfileOffset = 0x140;
    private const int BlankStart = 0x3C0;
    private const int BlankEnd = 0x410;

    /// <summary>
    /// A bootloader for 0x10000000. The flash configuration field leaves the chip open, FSEC FE, unless the profile says <c>security=backdoor</c>:
    /// FSEC BF secures it, leaves mass erase allowed and the backdoor key 01 to 08 enabled (facts: kboot §5.2).
    /// </summary>
    public static byte[] BuildBootloader(FirmwareProfile profile)
    {
        var image = Build(KvMap.FlashStart, profile.Size, BootloaderRamEnd + 1, profile, SHA256.HashData(Encoding.ASCII.GetBytes(profile.ToString())));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x1C), KvMap.FlashStart + 0x440); // API tree
        image[0x40C] = 0xFE;
        if (profile["security"] == "backdoor")
        {
            image[0x40C] = 0xBF;
            ((ReadOnlySpan<byte>)[1, 2, 3, 4, 5, 6, 7, 8]).CopyTo(image.AsSpan(0x400));
        }
        return Seal(image);
    }

    /// <summary>An application for 0x1000A000; 0x3C0..0x40F stay FF, so that it has no BCA and no misleading configuration field.</summary>
    public static byte[] BuildApplication(int size, int seed, string name, bool dataCache)
    {
        var profile = FirmwareProfile.Parse($"kind=application\nname={name}\nversion=1.0\nsize={size}\ndcache={(dataCache ? "on" : "off")}\n");
        return Seal(Build(KvMap.ApplicationStart, size, KvMap.DtcmStart + KvMap.DtcmSize, profile, SHA256.HashData(BitConverter.GetBytes(seed))));
    }

    private static byte[] Build(uint start, int size, uint stack, FirmwareProfile profile, byte[] key)
    {
        var image = new byte[size];
        new Random(BitConverter.ToInt32(key)).NextBytes(image);
        for (var vector = 1; vector < 16; vector++)
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(vector * 4), start + BlankEnd + 1 + (vector == 1 ? 0u : 0x10));
        BinaryPrimitives.WriteUInt32LittleEndian(image, stack);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(FirmwareProfile.MagicOffset), FirmwareProfile.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(FirmwareProfile.TextAddressOffset), start + ProfileOffset);
        var text = Encoding.ASCII.GetBytes(profile.ToString() + '\0');
        if (text.Length > BlankStart - ProfileOffset)
            throw new UsageException($"profile of {profile.Name}: {text.Length} bytes, {BlankStart - ProfileOffset} fit; shorten it");
        text.CopyTo(image.AsSpan(ProfileOffset));
        image.AsSpan(BlankStart, BlankEnd - BlankStart).Fill(0xFF);
        return image;
    }

    private static byte[] Seal(byte[] image)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(FirmwareProfile.DigestOffset), FirmwareProfile.Digest(image));
        return image;
    }
}
