using HilRig.Model;

namespace HilRig.Server.Security;

/// <summary>A secret that a file holds: on a command line every user of the machine could read it.</summary>
internal static class SecretFile
{
    /// <summary>The file's text without the line's end behind it, which editors add.</summary>
    /// <param name="option">As the person wrote it, for the message.</param>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static string Read(string option, FileInfo file)
    {
        try
        {
            return File.ReadAllText(file.FullName).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{option}: {file} cannot be read ({exception.Message})");
        }
    }
}
