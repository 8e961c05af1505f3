using HilRig.Agent.Images;

namespace HilRig.Agent.Bootloader.Recipes;

/// <summary>The careful way: one connection, erase all segments, write all, read all back through the bootloader and compare.</summary>
public sealed class RigRecipe : IUpdateRecipe
{
    public string Name => "rig";

    public async Task RunAsync(BootloaderClient client, Image image, FlashMap map, CancellationToken cancellationToken)
    {
        await new KinetisFlashToolRecipe().RunAsync(client, image, map, cancellationToken);
        foreach (var segment in image.Segments)
            ReadBack.Compare(segment, await client.ReadMemoryAsync(segment.Address, segment.Bytes.Length, cancellationToken));
    }
}
