using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>Kinds of files that hold an application.</summary>
public enum ImageFormat
{
    /// <summary>Bytes without addresses.</summary>
    Raw,
    IntelHex,
    MotorolaSRecord,
    Elf,
}

/// <summary>Reads application images.</summary>
public static class ImageFile
{
    /// <summary>
    /// Loads an image: Intel HEX, S-records, ELF for ARM, anything else as a raw binary. A raw binary goes to
    /// <paramref name="address"/>; formats that carry addresses keep their own.
    /// </summary>
    /// <exception cref="BadInputException">The file cannot be read, is empty, or is not what its name says.</exception>
    public static Image Load(string path, uint address)
    {
        var bytes = ReadBytes(path);
        if (bytes.Length == 0)
            throw new BadInputException($"{path}: the image is empty; expected at least a vector table");
        if (SbFile.IsSb(bytes))
            throw new BadInputException($"{path}: is an SB file, which the bootloader runs itself; send it by receive-sb-file");
        return FormatOf(path, bytes) switch
        {
            ImageFormat.IntelHex => IntelHex.Parse(path, Lines(bytes)),
            ImageFormat.MotorolaSRecord => MotorolaSRecord.Parse(path, Lines(bytes)),
            ImageFormat.Elf => ElfFile.Parse(path, bytes),
            _ => RawBinary.Parse(path, bytes, address),
        };
    }

    /// <summary>ELF by its magic; text formats by the file's extension, since any binary may begin like a text.</summary>
    private static ImageFormat FormatOf(string path, ReadOnlySpan<byte> bytes)
    {
        if (ElfFile.IsElf(bytes))
            return ImageFormat.Elf;
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".hex" or ".ihex" or ".ihx" => ImageFormat.IntelHex,
            ".srec" or ".s19" or ".s28" or ".s37" or ".s" or ".mot" or ".mhx" => ImageFormat.MotorolaSRecord,
            ".elf" or ".axf" => throw new BadInputException($"{path}: is named as an ELF file and does not begin like one (7F 45 4C 46); is it damaged?"),
            _ => ImageFormat.Raw,
        };
    }

    private static string[] Lines(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes).TrimEnd().Split('\n');

    /// <summary>The bytes of a file as they are.</summary>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: no such image; give the path of an existing file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: the image cannot be read ({error.Message}); give a readable file");
        }
    }
}
