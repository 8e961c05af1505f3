using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>Reads application images.</summary>
public static class ImageFile
{
    /// <summary>
    /// Loads an image. A raw binary goes to <paramref name="address"/>; formats that carry addresses keep their own.
    /// </summary>
    /// <exception cref="BadInputException">The file cannot be read, is empty, or is not what its name says.</exception>
    public static Image Load(string path, uint address)
    {
        var bytes = ReadBytes(path);
        if (bytes.Length == 0)
            throw new BadInputException($"{path}: the image is empty; expected at least a vector table");
        return RawBinary.Parse(path, bytes, address);
    }

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
