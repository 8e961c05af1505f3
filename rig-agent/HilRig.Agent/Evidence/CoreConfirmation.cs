using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>
/// A debugger's cacheable access says what the core would see; where that is not the array, the halted core is made to load
/// the bytes itself, which nobody can argue with. These lines are in the cache already, so the loads change nothing there.
/// </summary>
public static class CoreConfirmation
{
    /// <summary>The same views with the core's own loads in the rows in which array and core differ; and its caches.</summary>
    public static async Task<(MemoryViews Views, CoreCaches Caches)> OfAsync(Bench bench, MemoryViews views, CancellationToken cancellationToken)
    {
        await using var core = await bench.Probe.HaltAsync(cancellationToken);
        var caches = await CoreCaches.ReadAsync(core, cancellationToken);
        var loads = new CoreLoads(core, bench.Board.Map.Ram[0], bench.Time);
        var rows = new List<MemoryViewRow>(views.Rows.Count);
        foreach (var row in views.Rows)
        {
            var isStale = row.Core != row.Array && row.Core.Length > 0 && row.Address % 4 == 0;
            rows.Add(isStale ? row with { Core = ViewText.Of(await loads.ReadAsync(row.Address, ViewText.Count(row.Core), cancellationToken)) } : row);
        }
        return (views with { Rows = rows }, caches);
    }
}

/// <summary>Bytes of a view as a page shows them.</summary>
internal static class ViewText
{
    public static string Of(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray().Select(value => $"{value:X2}"));

    public static int Count(string text) => (text.Length + 1) / 3;
}
