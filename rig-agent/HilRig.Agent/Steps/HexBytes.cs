namespace HilRig.Agent.Steps;

/// <summary>Bytes as a sequence writes them.</summary>
/// <param name="Digits">Hexadecimal, two a byte, nothing between.</param>
public sealed record HexBytes(string Digits)
{
    public const string Form = "bytes in hex such as `DE AD BE EF`";

    public int Count => Digits.Length / 2;

    /// <summary>Null where <paramref name="text"/> is not such bytes.</summary>
    public static HexBytes? TryRead(string text)
    {
        var digits = text.Replace(" ", "", StringComparison.Ordinal);
        return digits.Length > 0 && digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? new HexBytes(digits.ToUpperInvariant()) : null;
    }

    public byte[] ToArray() => Convert.FromHexString(Digits);
}
