using HilRig.Analysis.History;

namespace HilRig.Bench.Histories;

/// <summary>A kind of night and what a right report says of it.</summary>
/// <param name="Wrong">What is wrong with a report; null where nothing is.</param>
public sealed record Scenario(string Name, NightPlan Plan, Func<HistoryReport, string?> Wrong)
{
    private static readonly string[] Product = ["intermittent", "conditional", "consistent"];

    /// <summary>One of each kind in <c>statistics.md</c> §2a and §3.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("clean", new(), NoProductFlag),
        new("clean, no witness", new() { Witnessed = (0, 0) }, NoProductFlag),
        new("stale after an update", With(new("update", "10203", now => now.UpdatesSinceReset >= 1 ? 1 : 0)), report => Expect(report, "update", "10203", ["conditional"], "upd_since_reset>=1")),
        new("stale, exercised by 1 cycle in 100", With(new("update", "10203", now => now.UpdatesSinceReset >= 1 ? 1 : 0)) with { ShareOfDoubleUpdates = 0.01 }, report => Expect(report, "update", "10203", ["conditional"], "upd_since_reset>=1")),
        new("stale after two updates", With(new("update", "10203", now => now.UpdatesSinceReset >= 2 ? 1 : 0)), report => Expect(report, "update", "10203", ["conditional"], "upd_since_reset>=2")),
        new("random 0.5 %", With(new("update", "10005", _ => 0.005)), report => Expect(report, "update", "10005", ["intermittent"], null)),
        new("random 0.2 %", With(new("update", "10005", _ => 0.002)) with { Hours = 6 }, report => Expect(report, "update", "10005", ["intermittent"], null)),
        new("one bad board", With(new("update", "10005", now => now.BoardNumber == 7 ? 0.03 : 0)), report => Expect(report, "update", "10005", ["board-specific"], null, board: "b07")),
        new("drift to 1 %", With(new("update", "10005", now => 0.01 * now.Progress)) with { Hours = 10 }, report => Expect(report, "update", "10005", ["intermittent"], null, flag => flag.Trend == "rising" ? null : "no rising trend")),
        new("change at half time", With(new("update", "10005", now => now.Progress > 0.5 ? 0.02 : 0.0005)), report => Expect(report, "update", "10005", ["intermittent"], null, flag => flag.ChangePoint is { TimeSeconds: > 4800 and < 6600 } ? null : "change not found near half time")),
        new("two faults, one code", With(new("update", "10005", now => now.UpdatesSinceReset >= 1 ? 0.04 : now.Size > 200 ? 0.02 : 0)) with { Hours = 8 }, report => Expect(report, "update", "10005", ["conditional"], "upd_since_reset>=1", flag => flag.Triggers.Count == 2 ? null : $"{flag.Triggers.Count} triggers of 2")),
        new("size and baud jointly", With(new("update", "10202", now => now.Size > 200 && now.Baud == 460800 ? 0.12 : 0)), report => Expect(report, "update", "10202", ["conditional"], "size_kb>=256 AND baud=460800")),
        new("update and erase-region jointly", With(new("update", "10202", now => now.UpdatesSinceReset >= 1 && now.ErasedRegionSinceUpdate ? 0.3 : 0)) with { Hours = 6 }, report => Expect(report, "update", "10202", ["conditional"], "upd_since_reset>=1 AND erase_region_since_update>=1")),
        new("same image 5 %", With(new("update", "10202", now => now.SameImage ? 0.05 : 0)) with { Hours = 6 }, report => Expect(report, "update", "10202", ["conditional"], "same_image=1")),
        new("verify after SWD reset 4 %", With(new("verify", "10301", now => now.LastReset == "reset_swd" ? 0.04 : 0)), report => Expect(report, "verify", "10301", ["conditional"], "last_reset=reset_swd")),
        new("six cycles since power 8 %", With(new("update", "10005", now => now.CyclesSincePower >= 6 ? 0.08 : 0)), report => Expect(report, "update", "10005", ["conditional"], "cycles_since_power>=6")),
        new("hang as silence 1 %", With(new("update", "TIMEOUT", _ => 0.01)), report => Expect(report, "update", "TIMEOUT", ["intermittent"], null)),
        new("hang as silence 0.4 %", With(new("update", "TIMEOUT", _ => 0.004)) with { Hours = 6 }, report => Expect(report, "update", "TIMEOUT", ["intermittent"], null)),
        new("boards differ", With(new("update", "10005", now => 0.004 * Math.Exp(BoardSpread(now.BoardNumber) - 0.5))) with { Hours = 6 }, report => Expect(report, "update", "10005", ["intermittent"], null)),
        new("bad hub", new() { BurstsOnFirstAgent = 20, Blips = 2e-4 }, NoProductFlag),
        new("regression against gold", With(new("update", "10005", now => now.Release == "R2" ? 0.008 : 0)) with { Release = (_, draw) => draw < 0.5 ? "GOLD" : "R2" }, report => Expect(report, "update", "10005", ["intermittent"], null, flag => flag.IsNew ? null : "not called new")),
        new("fails on gold as well", With(new("update", "10005", _ => 0.008)) with { Release = (_, draw) => draw < 0.5 ? "GOLD" : "R2" }, NoProductFlag),
        new("repaired in the next release", With(new("update", "10005", now => now.Release == "R1" ? 0.02 : 0)) with { Nights = 2, Release = (night, _) => $"R{night}" }, report => Expect(report, "update", "10005", ["intermittent"], null, _ => report.Flags.Any(flag => flag is { Release: "R2", Class: "recovered" }) ? null : "not called recovered on R2")),
        new("bad power sessions", With(new("update", "10005", now => now.SessionLuck < 0.05 ? 0.4 : 0)), report => Expect(report, "update", "10005", ["intermittent"], null, flag => flag.Sessions is null ? "sessions not seen" : null)),
        new("always fails", With(new("erase_all", "10005", _ => 1)), report => Expect(report, "erase_all", "10005", ["consistent"], null)),
        new("a board stops early", With(new("update", "10005", _ => 0.01)) with { FirstBoardStops = 0.4 }, report => Expect(report, "update", "10005", ["intermittent"], null, _ => report.Notes.Any(note => note.Contains("stopped early: b01", StringComparison.Ordinal)) ? null : "b01 not named")),
    ];

    public string? Check(int seed) => Wrong(HistoryAnalysis.Judge(HistoryWorld.Draw(Plan, seed)));

    private static NightPlan With(InjectedFault fault) => new() { Faults = [fault] };

    private static string? NoProductFlag(HistoryReport report) =>
        report.Flags.FirstOrDefault(flag => Product.Contains(flag.Class)) is { } flag ? $"accuses the product: {flag.Class} {flag.Fingerprint} on {flag.Step}" : null;

    /// <summary>Exactly this flag, of one of these classes, with this trigger or an equivalent of it.</summary>
    private static string? Expect(HistoryReport report, string step, string code, string[] classes, string? trigger, Func<HistoryFlag, string?>? more = null, string? board = null)
    {
        var flag = report.Flags.FirstOrDefault(flag => flag.Step == step && flag.Fingerprint == code && classes.Contains(flag.Class));
        if (flag is null)
            return $"no {string.Join(" or ", classes)} flag: {string.Join("; ", report.Flags.Select(found => $"{found.Class} {found.Fingerprint} on {found.Step} {found.K}/{found.N}"))}";
        var foreign = report.Flags.FirstOrDefault(other => other != flag && Product.Contains(other.Class));
        if (foreign is not null)
            return $"also accuses {foreign.Fingerprint} on {foreign.Step} of {foreign.Release}: {foreign.Class}";
        if (board != flag.Board)
            return $"board {flag.Board}, expected {board}";
        var found = flag.Triggers.Count > 0 ? flag.Triggers : flag.Trigger is { } only ? [only] : [];
        var named = found.SelectMany(one => one.Equivalent.Prepend(one.Conditions)).Select(conditions => string.Join(" AND ", conditions)).ToList();
        if (trigger is null ? named.Count > 0 : !named.Contains(trigger))
            return $"trigger {(named.Count == 0 ? "none" : string.Join(" | ", named))}, expected {trigger ?? "none"}";
        return more?.Invoke(flag);
    }

    /// <summary>Standard normal scores of twelve boards, so that every draw has the same spread.</summary>
    private static double BoardSpread(int board) => new[] { -1.73, -1.15, -0.81, -0.55, -0.32, -0.1, 0.1, 0.32, 0.55, 0.81, 1.15, 1.73 }[(board * 5) % 12];
}
