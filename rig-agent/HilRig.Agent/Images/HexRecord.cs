using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>Lines of hex digits behind a mark.</summary>
internal static class HexRecord
{
    /// <summary>The bytes of a line.</summary>
    /// <exception cref="BadInputException">The mark is missing, or a character is no hex digit.</exception>
    public static byte[] Decode(string file, int number, string line, string prefix)
    {
        var text = line.Trim();
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
            throw BadInputException.At(file, number, 1, $"expected a record that starts with '{prefix}'; is this another kind of file?");
        try
        {
            return Convert.FromHexString(text.AsSpan(prefix.Length));
        }
        catch (FormatException)
        {
            throw BadInputException.At(file, number, prefix.Length + 1, "expected pairs of hex digits; is the file damaged?");
        }
    }
}
