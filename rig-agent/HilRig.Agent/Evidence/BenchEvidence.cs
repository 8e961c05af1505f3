using System.Text.Json;
using HilRig.Agent.Places;

namespace HilRig.Agent.Evidence;

/// <summary>What the bench remembers of probe and supply.</summary>
internal static class BenchEvidence
{
    private const int PageLines = 40;

    /// <summary>As much as a page shows: <c>22:00:01.123456 +0.004100 swd read32 0xe000edf0</c>.</summary>
    public static string LastLines(IReadOnlyList<BenchAct> acts) => string.Join('\n', acts.TakeLast(PageLines).Select(act =>
        FormattableString.Invariant($"{act.At:HH:mm:ss.ffffff} +{act.Took.TotalSeconds:0.000000} {WordOf(act.Lane),-5} {act.Text}{(act.Failed ? " (failed)" : "")}")));

    /// <summary>One object an act, oldest first.</summary>
    public static byte[] JsonLines(IReadOnlyList<BenchAct> acts)
    {
        using var content = new MemoryStream();
        using var json = new Utf8JsonWriter(content);
        foreach (var act in acts)
        {
            json.WriteStartObject();
            json.WriteNumber("number", act.Number);
            json.WriteString("time", act.At);
            json.WriteNumber("took", act.Took.TotalSeconds);
            json.WriteString("lane", WordOf(act.Lane));
            json.WriteString("text", act.Text);
            if (act.Failed)
                json.WriteBoolean("failed", true);
            json.WriteEndObject();
            json.Flush();
            content.WriteByte((byte)'\n');
            json.Reset();
        }
        return content.ToArray();
    }

    private static string WordOf(BenchLane lane) => KebabCase.From(lane.ToString());
}
