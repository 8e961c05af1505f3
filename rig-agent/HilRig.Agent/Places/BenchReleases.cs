using HilRig.Agent.Images;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Places;

/// <summary>Writes a bootloader by SWD, with the core halted and through the flash controller's own registers.</summary>
public static class BenchReleases
{
    /// <summary>
    /// Writes, verifies, resets and enters the new bootloader. The core stands still from the first erase to the reset: what ran
    /// before has no code any more. The flash configuration field is on record before and after.
    /// </summary>
    public static async Task InstallAsync(this Bench bench, BootloaderRelease release, CancellationToken cancellationToken)
    {
        var map = bench.Board.Map;
        var range = AddressRange.Of(map.Flash.Start, (uint)release.Bytes.Length);
        bench.Touched = range;
        bench.Bootloader.ForgetSession();
        await using var core = await bench.Probe.HaltAsync(cancellationToken);
        var before = await ReadConfigurationAsync(bench, cancellationToken);
        await WriteAsync(new FlashController(core, map.Flash.Start, bench.Time), map, release, cancellationToken);
        var after = await ReadConfigurationAsync(bench, cancellationToken);
        bench.Configuration = after;
        bench.Attach(EvidenceKinds.FlashConfiguration, "flash configuration field", $"before   {InWords(before)}\nrelease  {InWords(Slice(release, map))}\nafter    {InWords(after)}");

        var written = await bench.Probe.ReadMemoryAsync(range.Start, (int)range.Size, MemoryView.Array, cancellationToken);
        if (ByteDifference.Find(release.Bytes.Span, written) is { } difference)
            throw new DutFailureException(new Failure("compare-swd", Disagreement.SaidOkWroteWrong, "",
                $"the flash controller said OK, and SWD reads {difference.Count} of {range.Size} bytes of {release.Name} otherwise, first at 0x{range.Start + difference.Offset:X8}: 0x{difference.Actual:X2}, expected 0x{difference.Expected:X2}"));
        bench.IsSecured = release.SecuresPart;
        await bench.ResetAsync(ResetKind.Probe, cancellationToken);
    }

    /// <summary>
    /// From erase to programming, the sector with the configuration field leaves the part secured at a reset: it comes last, and
    /// the field first in it.
    /// </summary>
    private static async Task WriteAsync(FlashController flash, FlashMap map, BootloaderRelease release, CancellationToken cancellationToken)
    {
        try
        {
            var end = Math.Max(map.Bootloader.End, map.Flash.Start + (ulong)map.RoundUpToSector((uint)release.Bytes.Length));
            for (var sector = (uint)end - map.SectorSize; sector >= map.Flash.Start; sector -= map.SectorSize)
                await flash.EraseSectorAsync(sector, cancellationToken);
            const int First = FlashController.SectionBytes;
            var field = (int)(map.ConfigurationField.Start - map.Flash.Start) / First * First;
            if (release.Bytes.Length > field)
                await flash.ProgramAsync(map.Flash.Start + (uint)field, release.Bytes[field..Math.Min(field + First, release.Bytes.Length)], cancellationToken);
            await flash.ProgramAsync(map.Flash.Start, release.Bytes[..Math.Min(field, release.Bytes.Length)], cancellationToken);
            if (release.Bytes.Length > field + First)
                await flash.ProgramAsync(map.Flash.Start + (uint)(field + First), release.Bytes[(field + First)..], cancellationToken);
        }
        catch (FlashFailureException exception)
        {
            throw new DutFailureException(new Failure("install-release", "mgstat0", "", exception.Message));
        }
    }

    private static Task<byte[]> ReadConfigurationAsync(Bench bench, CancellationToken cancellationToken)
    {
        var field = bench.Board.Map.ConfigurationField;
        return bench.Probe.ReadMemoryAsync(field.Start, (int)field.Size, MemoryView.Array, cancellationToken);
    }

    private static byte[] Slice(BootloaderRelease release, FlashMap map)
    {
        var bytes = Enumerable.Repeat((byte)0xFF, (int)map.ConfigurationField.Size).ToArray();
        var at = (int)(map.ConfigurationField.Start - map.Flash.Start);
        if (release.Bytes.Length > at)
            release.Bytes[at..Math.Min(at + bytes.Length, release.Bytes.Length)].CopyTo(bytes);
        return bytes;
    }

    private static string InWords(byte[] field) =>
        $"{string.Join(' ', field.Select(value => $"{value:X2}"))}  FSEC 0x{field[12]:X2}: {((field[12] & 3) == 2 ? "unsecured" : "secured")}";
}
