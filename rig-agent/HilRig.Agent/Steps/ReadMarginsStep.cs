using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Reads flash by the flash controller at a margin: finds cells that still read right and barely hold their value.</summary>
public sealed record ReadMarginsStep(ReadMargin Margin = ReadMargin.User, uint? Start = null, uint? Length = null) : IStep
{
    private const int MostNamed = 8;

    public string? Refuse(Place place, Image? image) =>
        Margin == ReadMargin.Normal ? "a normal read is what `snapshot` and `verify` do; say `user` or `factory`" : MemoryArguments.RefuseOutsideFlash(Start, Length, place, image);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var range = MemoryArguments.Range(Start, Length, bench).Outwards(FlashController.UnitBytes);
        bench.Touched = range;
        await using var core = await bench.Probe.HaltAsync(cancellationToken);
        var flash = new FlashController(core, bench.Board.Map.Flash.Start, bench.Time);
        var content = await bench.Probe.ReadMemoryAsync(range.Start, (int)range.Size, MemoryView.Array, cancellationToken);
        var weak = new List<uint>();
        foreach (var (offset, length, isBlank) in Stretches(content))
        {
            var at = range.Start + (uint)offset;
            if (isBlank)
                weak.AddRange(await FindNotErasedAsync(flash, at, length, cancellationToken));
            else
                weak.AddRange(await flash.FindWeakWordsAsync(at, content.AsMemory(offset, length), Margin, cancellationToken));
        }
        bench.Measure("bytes", content.Length);
        bench.Measure("weak-places", weak.Count);
        if (weak.Count > 0)
            throw new DutFailureException(new Failure("read-margins", $"{KebabCase.From(Margin.ToString())}-margin", "",
                $"{weak.Count} places in {range} read right and do not hold at {KebabCase.From(Margin.ToString())} margin: {string.Join(", ", weak.Take(MostNamed).Select(at => $"0x{at:X8}"))}{(weak.Count > MostNamed ? " …" : "")}"));
    }

    /// <summary>Blank flash is checked as one; only where that fails, unit by unit.</summary>
    private async Task<List<uint>> FindNotErasedAsync(FlashController flash, uint address, int length, CancellationToken cancellationToken)
    {
        var units = length / FlashController.UnitBytes;
        if (await flash.IsErasedAsync(address, units, Margin, cancellationToken))
            return [];
        if (units == 1)
            return [address];
        var half = units / 2 * FlashController.UnitBytes;
        return [.. await FindNotErasedAsync(flash, address, half, cancellationToken), .. await FindNotErasedAsync(flash, address + (uint)half, length - half, cancellationToken)];
    }

    /// <summary>Neighbouring units that are alike in being blank or not.</summary>
    private static IEnumerable<(int Offset, int Length, bool IsBlank)> Stretches(byte[] content)
    {
        bool IsBlank(int offset) => !content.AsSpan(offset, FlashController.UnitBytes).ContainsAnyExcept((byte)0xFF);
        for (int start = 0, end; start < content.Length; start = end)
        {
            var isBlank = IsBlank(start);
            for (end = start; end < content.Length && IsBlank(end) == isBlank;)
                end += FlashController.UnitBytes;
            yield return (start, end - start, isBlank);
        }
    }
}
