using System.Globalization;
using System.Text.RegularExpressions;

namespace HilRig.Tests.VirtualBoard;

/// <summary>One line of a recorded transcript.</summary>
/// <param name="Case">Heading it stands under.</param>
/// <param name="IsFromHost">H&gt;D, else D&gt;H.</param>
/// <param name="Bytes">Empty for "(nothing for 0.5 s)".</param>
/// <param name="Time">Since the start, where the transcript gives it.</param>
internal sealed record TranscriptLine(string Case, bool IsFromHost, byte[] Bytes, TimeSpan? Time);

/// <summary>Reads the vectors: <c>H&gt;D 5a a6   ; ping</c>, with a time in front in traces; <c>--</c> and <c>#</c> head cases.</summary>
internal static partial class Transcript
{
    public static IReadOnlyList<TranscriptLine> Read(string name)
    {
        var lines = new List<TranscriptLine>();
        var heading = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Kboot", "Vectors", name)))
        {
            if (line.StartsWith("--", StringComparison.Ordinal) || line.StartsWith('#'))
                heading = line.TrimStart('-', '#', ' ');
            else if (Pattern().Match(line) is { Success: true } match)
                lines.Add(new TranscriptLine(heading, match.Groups["who"].Value == "H>D", Bytes(match.Groups["bytes"].Value), Time(match.Groups["time"].Value)));
        }
        return lines;
    }

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", ""));

    private static TimeSpan? Time(string text) =>
        text.Length == 0 ? null : TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\s*(?<time>[\d.]+)?\s*(?<who>H>D|D>H)\s+(?<bytes>([0-9a-f]{2}( |$))*)")]
    private static partial Regex Pattern();
}
