using HilRig.Agent.Images;

namespace HilRig.Agent.Bootloader.Recipes;

/// <summary>
/// What KinetisFlashTool's <i>Update</i> does: erases all segments, each length rounded up to a sector, then writes them.
/// No read-back (facts: kboot §7).
/// </summary>
public sealed class KinetisFlashToolRecipe : IUpdateRecipe
{
    public string Name => "kinetis-flash-tool";

    public async Task RunAsync(BootloaderClient client, Image image, FlashMap map, CancellationToken cancellationToken)
    {
        foreach (var segment in image.Segments)
            await client.FlashEraseRegionAsync(segment.Address, map.RoundUpToSector((uint)segment.Bytes.Length), cancellationToken);
        foreach (var segment in image.Segments)
            await client.WriteMemoryAsync(segment.Address, segment.Bytes, cancellationToken);
    }
}
