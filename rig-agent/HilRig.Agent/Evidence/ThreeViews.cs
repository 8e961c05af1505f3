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
        var views = new List<SwdView>();
        var limit = "";
        if (bench.Touched is { } touched)
        {
            var range = AddressRange.Of(touched.Start, Math.Min(touched.Size, MaxBytes));
            limit = range.Size < touched.Size ? $" (its first {MaxBytes} bytes)" : "";
            views.Add(await ReadAsync(bench, range, null, cancellationToken));
        }
        foreach (var (range, note) in new[] { (map.Vectors, "vectors"), (map.BootConfiguration, "BCA"), (map.ConfigurationField, "FCF") })
            views.Add(await ReadAsync(bench, range, note, cancellationToken));
        return new SwdViews(views, limit);
    }

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
        var hidden = swd.Views.Where(view => view.Note is null).SelectMany(Rows).Where(row => row.Differs).ExceptBy(shown.Select(row => row.Address), row => row.Address);
        return (Views(shown), Views(shown.Concat(hidden)), silence);
    }

    /// <summary>Both SWD views of one range, whatever its size.</summary>
    public static async Task<SwdView> ReadAsync(Bench bench, AddressRange range, string? note, CancellationToken cancellationToken) => new(
        range,
        note,
        await bench.Probe.ReadMemoryAsync(range.Start, (int)range.Size, MemoryView.Array, cancellationToken),
        await bench.Probe.ReadMemoryAsync(range.Start, (int)range.Size, MemoryView.Core, cancellationToken));

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

    private static IEnumerable<Row> Shown(SwdView view, uint? suspect) =>
        Rows(view).Where((row, index) => index == 0 || (suspect is { } at && at - row.Address < RowBytes) || row.Differs).Take(MaxRows);

    private static IEnumerable<Row> Rows(SwdView view)
    {
        for (var at = 0; at < view.Array.Length; at += RowBytes)
            yield return new Row(view.Range.Start + (uint)at, view.Array.AsSpan(at)[..Math.Min(RowBytes, view.Array.Length - at)].ToArray(),
                view.Core.AsSpan(at)[..Math.Min(RowBytes, view.Array.Length - at)].ToArray(), view.Note, view.Note is null);
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

    private sealed record Row(uint Address, byte[] Array, byte[] Core, string? Note, bool IsTouched)
    {
        public bool Differs => !Array.AsSpan().SequenceEqual(Core);
    }
}
