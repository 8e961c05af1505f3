using HilRig.Agent.Images;
using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>The memory map as the device itself tells it.</summary>
public static class DeviceMap
{
    /// <summary>Bytes that the FTFE of KV5x programs together; a write must start at a multiple. No property tells it (fsl_flash.c, section program).</summary>
    private const uint SectionUnit = 32;

    /// <summary>Asks for flash, sector size, reserved regions and RAM. Where the application starts, no property says.</summary>
    public static async Task<FlashMap> ReadAsync(BootloaderClient client, uint applicationAddress, CancellationToken cancellationToken)
    {
        var start = await OneAsync(PropertyTag.FlashStartAddress, 0);
        var size = await OneAsync(PropertyTag.FlashSizeInBytes, 0);
        var sector = await OneAsync(PropertyTag.FlashSectorSize, 0);
        var reserved = await client.GetPropertyAsync(PropertyTag.ReservedRegions, 0, cancellationToken);
        var ram = new List<AddressRange>();
        for (uint bank = 0; bank < 3; bank++)
        {
            var address = await OneAsync(PropertyTag.RamStartAddress, bank);
            ram.Add(new AddressRange(address, address + (ulong)await OneAsync(PropertyTag.RamSizeInBytes, bank)));
        }
        var bootloader = reserved.Count >= 2 ? new AddressRange(reserved[0], reserved[1] + 1UL) : new AddressRange(start, start);
        return new FlashMap(new AddressRange(start, start + (ulong)size), bootloader, applicationAddress, sector, SectionUnit, ram);

        async Task<uint> OneAsync(PropertyTag tag, uint index) => (await client.GetPropertyAsync(tag, index, cancellationToken))[0];
    }
}
