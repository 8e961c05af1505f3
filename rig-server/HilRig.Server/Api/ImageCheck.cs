using HilRig.Model;

namespace HilRig.Server.Api;

/// <summary>Refuses what cannot be an image before a board waits for it; the agent, which reads images, has the last word.</summary>
internal static class ImageCheck
{
    /// <summary>KV58 has 1 MB of flash; text forms of it are up to three times as long.</summary>
    public const int Largest = 8 << 20;

    /// <summary>How a file of that name begins; of any other name it is raw, and may begin with anything.</summary>
    private static readonly Dictionary<string, byte[]> Beginnings = new(StringComparer.OrdinalIgnoreCase)
    {
        [".hex"] = [(byte)':'],
        [".ihex"] = [(byte)':'],
        [".ihx"] = [(byte)':'],
        [".srec"] = [(byte)'S'],
        [".s19"] = [(byte)'S'],
        [".s28"] = [(byte)'S'],
        [".s37"] = [(byte)'S'],
        [".s"] = [(byte)'S'],
        [".mot"] = [(byte)'S'],
        [".mhx"] = [(byte)'S'],
        [".elf"] = [0x7F, (byte)'E', (byte)'L', (byte)'F'],
        [".axf"] = [0x7F, (byte)'E', (byte)'L', (byte)'F'],
    };

    /// <summary>Throws <see cref="BadInputException"/> that names the field.</summary>
    public static void Require(string name, byte[] content)
    {
        if (content.Length is 0 or > Largest)
            throw new BadInputException($"image: it has {content.Length} bytes; 1 to {Largest} are accepted");
        if (name.IndexOfAny(['/', '\\', '\0']) >= 0 || name.Length > 128)
            throw new BadInputException("imageName: it is a file's name, at most 128 characters, without its folder");
        if (Beginnings.TryGetValue(Path.GetExtension(name), out var beginning) && !content.AsSpan().StartsWith(beginning))
            throw new BadInputException($"image: its content is not what `{name}` says it is; it begins with {Convert.ToHexString(content.AsSpan(0, Math.Min(4, content.Length)))}");
    }
}
