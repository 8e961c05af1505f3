using HilRig.Agent.Places;
using HilRig.Agent.Probe;

namespace HilRig.Agent.Evidence;

/// <summary>
/// A debugger's cacheable access says what the core would see; where that is not the array, the halted core is made to load
/// the bytes itself, which nobody can argue with. These lines are in the cache already, so the loads change nothing there.
/// </summary>
public static class CoreConfirmation
{
    /// <summary>
    /// The same view with the core's own loads where array and core differ, as far as a page shows; and the core's caches. Where
    /// nothing differs the core runs on: the shape of its caches is asked for once, with the core halted, and never changes.
    /// </summary>
    public static async Task<(SwdView View, CoreCaches Caches)> OfAsync(Bench bench, SwdView view, CancellationToken cancellationToken)
    {
        var differing = Differing(view);
        if (differing.Count == 0 && bench.Caches is { } known)
            return (view, bench.Caches = known with { Ccr = await bench.Probe.ReadWordAsync(CoreCaches.CcrAddress, cancellationToken) });
        await using var halted = await bench.Probe.HaltAsync(cancellationToken);
        var caches = bench.Caches = await CoreCaches.ReadAsync(halted, cancellationToken);
        var loads = new CoreLoads(halted, bench.Board.Map.Ram[0], bench.Time);
        var core = (byte[])view.Core.Clone();
        foreach (var (offset, length) in differing)
            (await loads.ReadAsync(view.Range.Start + (uint)offset, length, cancellationToken)).CopyTo(core, offset);
        return (view with { Core = core }, caches);
    }

    /// <summary>Neighbouring rows together; <see cref="ThreeViews.MaxRows"/> rows in all.</summary>
    private static List<(int Offset, int Length)> Differing(SwdView view)
    {
        var blocks = new List<(int Offset, int Length)>();
        foreach (var at in ThreeViews.DifferingRows(view).Take(ThreeViews.MaxRows))
        {
            var length = Math.Min(ThreeViews.RowBytes, view.Array.Length - at);
            if (blocks.Count > 0 && blocks[^1].Offset + blocks[^1].Length == at)
                blocks[^1] = (blocks[^1].Offset, blocks[^1].Length + length);
            else
                blocks.Add((at, length));
        }
        return blocks;
    }
}
