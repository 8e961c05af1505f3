using NUnit.Framework;

namespace HilRig.Tests.Kboot;

/// <summary>Who sent the bytes of a recorded line.</summary>
public enum Sender
{
    Host,
    Device,
}

/// <summary>One line of a recording: <c>H>D 5a a6 ; ping</c>.</summary>
public sealed record TranscriptLine(Sender Sender, byte[] Bytes);

/// <summary>One case or session of a recording.</summary>
public sealed record TranscriptPart(string Title, IReadOnlyList<TranscriptLine> Lines)
{
    public override string ToString() => Title;

    /// <summary>All that one side sent, in one piece.</summary>
    public byte[] Stream(Sender sender) => [.. Lines.Where(line => line.Sender == sender).SelectMany(line => line.Bytes)];
}

/// <summary>
/// Recordings of KBOOT 2.0 itself: NXP's sources compiled for a host, driven by NXP's own tool and by hand-made edge cases.
/// </summary>
public static class Transcript
{
    public static IReadOnlyList<TranscriptPart> EdgeCases { get; } = Read("kboot-cases-1-21.txt", "-- ");

    public static IReadOnlyList<TranscriptPart> Updates { get; } = Read("kboot-update-trace.txt", "# blhost");

    public static IEnumerable<TranscriptPart> All => EdgeCases.Concat(Updates);

    private static List<TranscriptPart> Read(string file, string titleMark)
    {
        var parts = new List<TranscriptPart>();
        var lines = new List<TranscriptLine>();
        foreach (var text in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Kboot", "Vectors", file)))
        {
            if (text.StartsWith(titleMark, StringComparison.Ordinal))
            {
                lines = [];
                parts.Add(new TranscriptPart(text, lines));
            }
            else if (Parse(text) is { } line)
            {
                lines.Add(line);
            }
        }
        return parts;
    }

    private static TranscriptLine? Parse(string text)
    {
        var mark = Math.Max(text.IndexOf("H>D", StringComparison.Ordinal), text.IndexOf("D>H", StringComparison.Ordinal));
        if (mark < 0)
            return null;
        var hex = text[(mark + 3)..].Split(';')[0].Trim();
        if (hex.Length == 0 || !char.IsAsciiHexDigit(hex[0]))
            return null;
        return new TranscriptLine(text[mark] == 'H' ? Sender.Host : Sender.Device, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
    }
}
