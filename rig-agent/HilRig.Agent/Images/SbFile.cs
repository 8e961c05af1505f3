namespace HilRig.Agent.Images;

/// <summary>SB files of elftosb: opaque here, run by the bootloader.</summary>
public static class SbFile
{
    private const int SignatureOffset = 20;

    /// <summary>"STMP" stands behind a 20-byte digest (elftosb, boot image header).</summary>
    public static bool IsSb(ReadOnlySpan<byte> bytes) => bytes.Length > SignatureOffset && bytes[SignatureOffset..].StartsWith("STMP"u8);
}
