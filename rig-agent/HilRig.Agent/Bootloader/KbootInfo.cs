using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>All that a bootloader says of itself.</summary>
internal static class KbootInfo
{
    /// <summary>One line a property; those that the build lacks say so.</summary>
    public static async Task PrintAsync(BootloaderClient client, TextWriter output, CancellationToken cancellationToken)
    {
        var ping = await client.PingAsync(cancellationToken);
        await output.WriteLineAsync($"{"Protocol",-26}{ping.Protocol}");
        foreach (var tag in Enum.GetValues<PropertyTag>())
        {
            var banks = tag is PropertyTag.RamStartAddress or PropertyTag.RamSizeInBytes ? 3U : 1U;
            for (uint bank = 0; bank < banks; bank++)
            {
                var name = banks > 1 ? $"{tag} {bank}" : $"{tag}";
                await output.WriteLineAsync($"{name,-26}{await DescribeAsync(client, tag, bank, cancellationToken)}");
            }
        }
    }

    private static async Task<string> DescribeAsync(BootloaderClient client, PropertyTag tag, uint bank, CancellationToken cancellationToken)
    {
        try
        {
            return PropertyText.Describe(tag, await client.GetPropertyAsync(tag, bank, cancellationToken));
        }
        catch (BootloaderStatusException error) when (error.Status == StatusCode.UnknownProperty)
        {
            return "not in this build";
        }
    }
}
