using System.Diagnostics;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Model;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Characterisation;

/// <summary>Sectors at the end of the flash that are blank: erased and filled through the bootloader to see how long it takes, and left blank.</summary>
internal sealed class ScratchFlash(Bench bench)
{
    private const uint Sectors = 4;
    private const int Rounds = 5;
    private const uint Kilobyte = 1024;

    private AddressRange Range => AddressRange.Of((uint)(bench.Board.Map.Flash.End - (Sectors * bench.Board.Map.SectorSize)), Sectors * bench.Board.Map.SectorSize);

    /// <summary>The difference between a long and a short command leaves out line, framing and everything else that both have.</summary>
    public async Task<IReadOnlyList<Characteristic>> MeasureAsync(CancellationToken cancellationToken)
    {
        var (range, sector) = (Range, bench.Board.Map.SectorSize);
        var content = await bench.Probe.ReadMemoryAsync(range.Start, (int)range.Size, MemoryView.Array, cancellationToken);
        if (content.AsSpan().ContainsAnyExcept((byte)0xFF))
            throw new BadInputException($"--flash-times: {range} is not blank, and nothing is erased that somebody may want; erase it, for example by `./rig agent kboot --port {bench.Place.SerialDevice} erase 0x{range.Start:X8} {range.Size}`");
        try
        {
            var fill = (await TimeAsync(range.Start, 5 * Kilobyte, FillAsync, cancellationToken) - await TimeAsync(range.Start, Kilobyte, FillAsync, cancellationToken)) / 4;
            var erase = (await TimeAsync(range.Start, range.Size, EraseAsync, cancellationToken) - await TimeAsync(range.Start, sector, EraseAsync, cancellationToken)) / (Sectors - 1);
            return [Characteristic.OfTime("flash times", "erase of a sector", erase, Assumed("erase of a sector")), Characteristic.OfTime("flash times", "fill of 1 KB", fill, Assumed("fill of 1 KB"))];
        }
        finally
        {
            await EraseAsync(range.Start, range.Size, CancellationToken.None);
        }
    }

    /// <summary>The least of several: whatever disturbs only makes it longer.</summary>
    private async Task<TimeSpan> TimeAsync(uint start, uint length, Func<uint, uint, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var least = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            await EraseAsync(start, length, cancellationToken);
            var began = Stopwatch.GetTimestamp();
            await act(start, length, cancellationToken);
            var took = Stopwatch.GetElapsedTime(began);
            least = took < least ? took : least;
        }
        return least;
    }

    private Task FillAsync(uint start, uint length, CancellationToken cancellationToken) => bench.Bootloader.FillMemoryAsync(start, length, 0x5AA5_C33C, cancellationToken);

    private Task EraseAsync(uint start, uint length, CancellationToken cancellationToken) => bench.Bootloader.FlashEraseRegionAsync(start, length, cancellationToken);

    private TimeSpan? Assumed(string name) => bench.Board.Assumed.TryGetValue(name, out var text) && Quantity.TryTime(text, out var time) ? time : null;
}
