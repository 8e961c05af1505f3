using HilRig.Agent.Images;
using HilRig.Kboot;

namespace HilRig.Agent.Bootloader.Recipes;

/// <summary>
/// What a script of blhost calls does: get-property 1, erase each segment, write each. Every command opens the port anew,
/// drops what had arrived and pings (facts: kboot §7).
/// </summary>
public sealed class BlhostRecipe : IUpdateRecipe
{
    public string Name => "blhost";

    public async Task RunAsync(BootloaderClient client, Image image, FlashMap map, CancellationToken cancellationToken)
    {
        await client.ReconnectAsync(cancellationToken);
        await client.GetPropertyAsync(PropertyTag.BootloaderVersion, 0, cancellationToken);
        foreach (var segment in image.Segments)
        {
            await client.ReconnectAsync(cancellationToken);
            await client.FlashEraseRegionAsync(segment.Address, map.RoundUpToSector((uint)segment.Bytes.Length), cancellationToken);
        }
        foreach (var segment in image.Segments)
        {
            await client.ReconnectAsync(cancellationToken);
            await client.WriteMemoryAsync(segment.Address, segment.Bytes, cancellationToken);
        }
    }
}
