using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>Reads the same flash as array, core and bootloader see it and keeps what differs.</summary>
public static class ThreeViews
{
    private const int RowBytes = 16;
    private const int MaxRows = 32;
    private const uint MaxBytes = 1024 * 1024;

    /// <summary>
    /// Both SWD views of the whole range; the bootloader's only for rows in which those two differ and for the first row,
    /// because its reading fills cache lines and so changes what the next step would see.
    /// </summary>
    public static async Task<MemoryViews> CompareAsync(Bench bench, AddressRange range, CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(range.Size, MaxBytes);
        var array = await bench.Probe.ReadMemoryAsync(range.Start, length, MemoryView.Array, cancellationToken);
        var core = await bench.Probe.ReadMemoryAsync(range.Start, length, MemoryView.Core, cancellationToken);
        var differing = Enumerable.Range(0, (length + RowBytes - 1) / RowBytes)
            .Where(row => row == 0 || !Row(array, row).SequenceEqual(Row(core, row)))
            .Take(MaxRows)
            .ToList();

        var rows = new List<MemoryViewRow>();
        var bootloaderDiffers = 0;
        var isSilent = false;
        foreach (var row in differing)
        {
            var address = range.Start + (uint)(row * RowBytes);
            byte[]? claimed = null;
            if (!isSilent)
            {
                claimed = await TryReadAsync(bench, address, Row(array, row).Length, cancellationToken);
                isSilent = claimed is null;
            }
            if (claimed is not null)
                bootloaderDiffers += Differences(claimed, Row(array, row));
            rows.Add(new MemoryViewRow(address, Hex(Row(array, row)), Hex(Row(core, row)), claimed is null ? "" : Hex(claimed)));
        }
        return new MemoryViews(range.Start, length, Math.Max(Differences(array, core), bootloaderDiffers), rows);
    }

    private static async Task<byte[]?> TryReadAsync(Bench bench, uint address, int length, CancellationToken cancellationToken)
    {
        try
        {
            return await bench.Bootloader.ReadMemoryAsync(address, length, cancellationToken);
        }
        catch (Exception exception) when (exception is LinkSilenceException or LinkProtocolException or BootloaderStatusException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Row(byte[] bytes, int row) =>
        bytes.AsSpan(row * RowBytes, Math.Min(RowBytes, bytes.Length - (row * RowBytes)));

    private static int Differences(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var count = 0;
        for (var index = 0; index < one.Length; index++)
            count += one[index] == other[index] ? 0 : 1;
        return count;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray().Select(value => $"{value:X2}"));
}
