using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>Flash as array and core see it, read over SWD.</summary>
/// <param name="Views">The touched range first, where there is one; then vectors, BCA and FCF, each with its name.</param>
/// <param name="Limit">Says what was left out; empty where nothing was.</param>
public sealed record SwdViews(IReadOnlyList<SwdView> Views, string Limit);

/// <param name="Note">Null for the touched range.</param>
public sealed record SwdView(AddressRange Range, string? Note, byte[] Array, byte[] Core);

/// <summary>Reads the same flash as array, core and bootloader see it and keeps what differs.</summary>
public static class ThreeViews
{
    internal const int RowBytes = 16;
    internal const int MaxRows = 32;
    private const uint MaxBytes = 256 * 1024;

    /// <summary>Both SWD views of the touched range, and of what is worth seeing at any failure. Changes nothing.</summary>
    public static async Task<SwdViews> ReadAsync(Bench bench, CancellationToken cancellationToken)
    {
        var map = bench.Board.Map;
        var wanted = new List<(AddressRange Range, string? Note)> { (map.Vectors, "vectors"), (map.BootConfiguration, "BCA"), (map.ConfigurationField, "FCF") };
        var limit = "";
        if (bench.Touched is { } touched)
        {
            wanted.Insert(0, (AddressRange.Of(touched.Start, Math.Min(touched.Size, MaxBytes)), null));
            limit = touched.Size > MaxBytes ? $" (its first {MaxBytes} bytes)" : "";
        }
        return new SwdViews(await ReadAsync(bench, wanted, cancellationToken), limit);
    }

    /// <summary>Both SWD views of one range, whatever its size.</summary>
    public static async Task<SwdView> ReadAsync(Bench bench, AddressRange range, CancellationToken cancellationToken) =>
        (await ReadAsync(bench, [(range, null)], cancellationToken))[0];

    /// <summary>
    /// The bootloader's view of the rows that a page shows and of no other, because its reading fills cache lines and so
    /// changes what the next step would see. <c>Whole</c> has every row in which array and core differ; <c>Silence</c> says why
    /// the bootloader's view is missing, null where it is not.
    /// </summary>
    /// <param name="silence">Why the bootloader need not be asked; null where it may answer.</param>
    public static async Task<(MemoryViews Page, MemoryViews Whole, string? Silence)> AskBootloaderAsync(
        Bench bench, SwdViews swd, uint? suspect, string? silence, CancellationToken cancellationToken)
    {
        var shown = swd.Views.SelectMany(view => view.Note is null ? Shown(view, suspect) : Rows(view)).GroupBy(row => row.Address)
            .Select(same => same.Last() with { IsTouched = same.Any(row => row.IsTouched) })
            .OrderBy(row => !row.IsTouched).ThenBy(row => row.Address).ToList();
        var claims = new Dictionary<uint, byte[]>();
        silence ??= await TryReadAsync(bench, Blocks(shown), claims, cancellationToken);

        var claimed = shown.Where(row => claims.ContainsKey(row.Address)).Sum(row => Differences(claims[row.Address], row.Array));
        var first = swd.Views[0];
        var differing = Math.Max(Differences(first.Array, first.Core), claimed);
        MemoryViews Views(IEnumerable<Row> rows) => new(first.Range.Start, first.Array.Length, differing,
            [.. rows.Select(row => new MemoryViewRow(row.Address, Hex(row.Array), Hex(row.Core), claims.TryGetValue(row.Address, out var claim) ? Hex(claim) : "", row.Note))]);
        var hidden = swd.Views.Where(view => view.Note is null).SelectMany(view => DifferingRows(view).Select(at => RowAt(view, at))).ExceptBy(shown.Select(row => row.Address), row => row.Address);
        return (Views(shown), Views(shown.Concat(hidden)), silence);
    }

    /// <summary>Offsets of the rows in which array and core differ. Most of a view is the same, which one vectorised comparison tells.</summary>
    internal static IEnumerable<int> DifferingRows(SwdView view)
    {
        for (var at = 0; at < view.Array.Length; at += RowBytes)
        {
            var same = view.Array.AsSpan(at).CommonPrefixLength(view.Core.AsSpan(at));
            if (at + same == view.Array.Length)
                break;
            at += same / RowBytes * RowBytes;
            yield return at;
        }
    }

    private static async Task<IReadOnlyList<SwdView>> ReadAsync(Bench bench, IReadOnlyList<(AddressRange Range, string? Note)> wanted, CancellationToken cancellationToken)
    {
        var read = await bench.Probe.ReadViewsAsync([.. wanted.Select(one => (one.Range.Start, (int)one.Range.Size))], cancellationToken);
        return [.. wanted.Zip(read, (one, views) => new SwdView(one.Range, one.Note, views.Array, views.Core))];
    }

    /// <summary>Why the bootloader did not say it all; null where it did.</summary>
    private static async Task<string?> TryReadAsync(Bench bench, IEnumerable<AddressRange> blocks, Dictionary<uint, byte[]> claims, CancellationToken cancellationToken)
    {
        foreach (var block in blocks)
        {
            try
            {
                var bytes = await bench.Bootloader.ReadMemoryAsync(block.Start, (int)block.Size, cancellationToken);
                foreach (var (index, row) in bytes.Chunk(RowBytes).Index())
                    claims[block.Start + (uint)(index * RowBytes)] = row;
            }
            catch (BootloaderStatusException)
            {
                // It speaks and refuses these bytes, as a secured part does; its other answers are still worth having.
            }
            catch (Exception exception) when (exception is LinkSilenceException or LinkProtocolException or Serial.SerialLinkException or OperationCanceledException)
            {
                return $"not asked for: {exception.Message}";
            }
        }
        return null;
    }

    /// <summary>The first row, the suspect's and those that differ, by address.</summary>
    private static IEnumerable<Row> Shown(SwdView view, uint? suspect)
    {
        var offsets = DifferingRows(view).Take(MaxRows).Append(0);
        if (suspect - view.Range.Start is { } offset && offset < view.Array.Length)
            offsets = offsets.Append((int)offset / RowBytes * RowBytes);
        return offsets.Distinct().Order().Take(MaxRows).Select(at => RowAt(view, at));
    }

    private static IEnumerable<Row> Rows(SwdView view)
    {
        for (var at = 0; at < view.Array.Length; at += RowBytes)
            yield return RowAt(view, at);
    }

    private static Row RowAt(SwdView view, int at)
    {
        var length = Math.Min(RowBytes, view.Array.Length - at);
        return new Row(view.Range.Start + (uint)at, view.Array.AsSpan(at, length).ToArray(), view.Core.AsSpan(at, length).ToArray(), view.Note, view.Note is null);
    }

    /// <summary>Neighbouring rows are asked for together.</summary>
    private static List<AddressRange> Blocks(IEnumerable<Row> rows)
    {
        var blocks = new List<AddressRange>();
        foreach (var row in rows)
        {
            if (blocks.Count > 0 && blocks[^1].End == row.Address)
                blocks[^1] = blocks[^1] with { End = row.Address + (ulong)row.Array.Length };
            else
                blocks.Add(AddressRange.Of(row.Address, (uint)row.Array.Length));
        }
        return blocks;
    }

    private static int Differences(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => ByteDifference.Find(one, other)?.Count ?? 0;

    private static string Hex(byte[] bytes) => string.Join(' ', bytes.Select(value => $"{value:X2}"));

    private sealed record Row(uint Address, byte[] Array, byte[] Core, string? Note, bool IsTouched);
}
