using HilRig.Agent.Images;

namespace HilRig.Agent.Bootloader.Recipes;

/// <summary>The careful way: one connection, erase all segments, write all, read all back through the bootloader and compare.</summary>
public sealed class RigRecipe : IUpdateRecipe
{
    public string Name => "rig";

    public async Task RunAsync(BootloaderClient client, Image image, FlashMap map, CancellationToken cancellationToken)
    {
        foreach (var segment in image.Segments)
            await client.FlashEraseRegionAsync(segment.Address, map.RoundUpToSector((uint)segment.Bytes.Length), cancellationToken);
        foreach (var segment in image.Segments)
            await client.WriteMemoryAsync(segment.Address, segment.Bytes, cancellationToken);
        foreach (var segment in image.Segments)
            ReadBack.Compare(segment, await client.ReadMemoryAsync(segment.Address, segment.Bytes.Length, cancellationToken));
    }
}
