using HilRig.Model.Runs;

namespace HilRig.Dashboards.Components;

/// <summary>Neighbouring bytes of one view that all agree with the other views, or all do not.</summary>
internal sealed record HexRun(string Text, bool Differs)
{
    /// <summary>The bytes of one view, cut where agreement begins or ends. Views that were not read take no part.</summary>
    public static IReadOnlyList<HexRun> Of(string view, MemoryViewRow row)
    {
        var bytes = Bytes(view);
        var all = new[] { row.Array, row.Core, row.Bootloader }.Select(Bytes).Where(other => other.Length > 0).ToArray();
        var runs = new List<HexRun>();
        for (var index = 0; index < bytes.Length; index++)
        {
            var differs = all.Any(other => index < other.Length && !other[index].Equals(bytes[index], StringComparison.OrdinalIgnoreCase));
            if (runs.Count > 0 && runs[^1].Differs == differs)
                runs[^1] = new HexRun($"{runs[^1].Text} {bytes[index]}", differs);
            else
                runs.Add(new HexRun(bytes[index], differs));
        }
        return runs;
    }

    /// <summary>Bytes of a row that two views read differently.</summary>
    public static int Differing(MemoryViewRow row)
    {
        var all = new[] { row.Array, row.Core, row.Bootloader }.Select(Bytes).Where(view => view.Length > 0).ToArray();
        return Enumerable.Range(0, all.Length == 0 ? 0 : all.Max(view => view.Length))
            .Count(index => all.Where(view => index < view.Length).Select(view => view[index]).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1);
    }

    /// <summary>Accepts <c>FF 00</c> as well as <c>FF00</c>.</summary>
    private static string[] Bytes(string hex) =>
        [.. hex.Replace(" ", "", StringComparison.Ordinal).Chunk(2).Select(pair => new string(pair).ToUpperInvariant())];
}
