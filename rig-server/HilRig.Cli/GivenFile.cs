using System.Text;
using HilRig.Model;

namespace HilRig.Cli;

/// <summary>A file that a person named on the command line.</summary>
internal static class GivenFile
{
    /// <param name="expected">What it should have been: <c>a plan (YAML)</c>.</param>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static byte[] Bytes(string path, string expected)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}); expected {expected}");
        }
    }

    /// <inheritdoc cref="Bytes"/>
    public static string Text(string path, string expected)
    {
        using var reader = new StreamReader(new MemoryStream(Bytes(path, expected)), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
