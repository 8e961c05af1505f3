using System.IO.Compression;
using System.Text;
using System.Text.Json;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>
/// A run's evidence on the agent's disk: each content once, gzip, under its SHA-256; and <c>RUN.jsonl</c>, one line a failing
/// step, that says what belongs together. A cycle may keep <see cref="CycleBytes"/>; what is over that says so in its place.
/// </summary>
public sealed class EvidenceStore(string folder, string runId)
{
    /// <summary>What one cycle may add to disk and events together.</summary>
    public const int CycleBytes = 2 * 1024 * 1024;

    /// <summary>Left for titles, reasons and the index.</summary>
    private const int Overhead = 64 * 1024;

    private int cycle = -1;
    private int left;

    /// <summary>Path of a content; unpack it with <c>zcat</c>.</summary>
    public static string PathOf(string folder, string digest) => Path.Combine(folder, digest[..2], $"{digest}.gz");

    /// <summary>Path of a run's index.</summary>
    public static string IndexOf(string folder, string runId) => Path.Combine(folder, $"{runId}.jsonl");

    /// <summary>Failing steps of the same cycle share its allowance.</summary>
    public void Begin(int ofCycle)
    {
        if (ofCycle == cycle)
            return;
        cycle = ofCycle;
        left = CycleBytes - Overhead;
    }

    /// <summary>Keeps <paramref name="content"/> and answers the item that names it; an item that may not or cannot be kept says why.</summary>
    public EvidenceItem Keep(EvidenceItem item, byte[] content)
    {
        var packed = Pack(content);
        var cost = packed.Length + Encoding.UTF8.GetByteCount(item.Text);
        if (cost > left)
            return item with { Text = "", Missing = $"its {cost} bytes, packed, are more than the {left} left of the {CycleBytes} that a cycle may keep" };
        left -= cost;
        var digest = Digest.Of(content);
        try
        {
            Write(PathOf(folder, digest), packed);
            return item with { Digest = digest, Size = content.Length };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return item.Text.Length > 0
                ? item with { Title = $"{item.Title} (only what stands here is kept: {exception.Message})" }
                : item with { Missing = $"it was captured and cannot be kept: {exception.Message}" };
        }
    }

    /// <summary>Notes what a failing step left; a disk that takes nothing more does not end the run, its events hold the same.</summary>
    public void Index(int index, IReadOnlyList<EvidenceItem> items)
    {
        var line = JsonSerializer.Serialize(new Entry(cycle, index, [.. items.Select(item => item with { Text = "" })]), RunJson.Options);
        try
        {
            Directory.CreateDirectory(folder);
            File.AppendAllText(IndexOf(folder, runId), line + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The events say the same, and that a content was not kept.
        }
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        // The board waits, and with it the night.
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Under another name first: a file of that digest is whole or not there.</summary>
    private static void Write(string path, byte[] packed)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = $"{path}.{Path.GetRandomFileName()}";
        File.WriteAllBytes(part, packed);
        File.Move(part, path, overwrite: true);
    }

    private sealed record Entry(int Cycle, int Index, IReadOnlyList<EvidenceItem> Items);
}
