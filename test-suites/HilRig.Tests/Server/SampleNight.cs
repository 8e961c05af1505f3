using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Tests.Server;

/// <summary>Runs as a night leaves them: two boards with a stale cache, one on a noisy line, one that does nothing wrong. The same for the same seed.</summary>
internal static class SampleNight
{
    public static IReadOnlyList<RunScript> Night(int cycles = 60, int seed = 58)
    {
        var random = new Random(seed);
        var stale = new RunScript("r-20260121-220000-kv58-1-0001", "kv58-1", cycles);
        var seldom = new RunScript("r-20260121-220030-kv58-2-0005", "kv58-2", cycles, RunScript.Evening.AddSeconds(30));
        var healthy = new RunScript("r-20260121-220100-kv58-4-0002", "kv58-4", cycles, RunScript.Evening.AddMinutes(1));
        var noisy = new RunScript("r-20260121-220200-kv58-3-0003", "kv58-3", cycles, RunScript.Evening.AddMinutes(2));
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var hasApplication = random.Next(3) == 0;
            var appAtBoot = hasApplication ? "application" : "blank";
            stale.Cycle(hasApplication ? RunScript.CumulativeWrite : null, appAtBoot: appAtBoot, evidence: hasApplication ? StaleCache : null);
            var hasItToo = random.Next(8) == 0;
            seldom.Cycle(hasItToo ? RunScript.CumulativeWrite : null, appAtBoot: hasItToo ? "application" : "blank", evidence: hasItToo ? StaleCache : null);
            healthy.Cycle();
            if (random.Next(10) == 0)
                noisy.Cycle(RunScript.Silence, Layer.Undetermined, appAtBoot);
            else
                noisy.Cycle(appAtBoot: appAtBoot, marginal: random.Next(6) == 0);
        }
        noisy.Notice("serial", "7 bytes came with a parity error since the last notice");
        return [stale.End(), seldom.End(), healthy.End(), noisy];
    }

    /// <summary>Kept databases hold this text: what the record got since is left out where it is null.</summary>
    private static JsonSerializerOptions AsAtFirst { get; } = new(RunJson.Options) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static IReadOnlyList<EvidenceItem> StaleCache { get; } =
    [
        new(EvidenceKinds.LinkTrace, "last packets on the line", string.Join('\n', Enumerable.Range(0, 24).Select(TraceLine)), null),
        new("witnesses", "what the witnesses say", "SWD answers, supply 3.30 V, core not locked up", null),
        new(EvidenceKinds.Views, "flash 0x1000A000..0x1000B7FF as array, core and bootloader see it", JsonSerializer.Serialize(Views(), AsAtFirst), null),
        new(EvidenceKinds.Registers, "registers over SWD", "FSTAT        0x00000080\npc           0x00001A3C\nsp           0x1FFF0F80", null),
        new("power-rail", "supply while it failed", "", "the supply has no log"),
    ];

    private static MemoryViews Views()
    {
        var erased = string.Join(' ', Enumerable.Repeat("FF", 16));
        return new MemoryViews(0x1000A000, 6144, 12 * 16 - 4, [.. Enumerable.Range(0, 12).Select(row =>
        {
            var stale = string.Join(' ', Enumerable.Range(0, 16).Select(index => row == 3 && index is >= 4 and < 8 ? "FF" : $"{(row * 37 + index * 11) & 0xFF:X2}"));
            return new MemoryViewRow(0x1000A000 + (uint)(row * 16), erased, stale, row > 9 ? "" : stale);
        })]);
    }

    private static string TraceLine(int index) =>
        $"{1.5 + index * 0.0041,12:0.000000} +0.004100 {(index % 2 == 0 ? "H>D" : "D>H")} {(index == 23 ? "generic-response 10203 kStatusMemoryCumulativeWrite for write-memory" : index % 2 == 0 ? "data, 32 bytes" : "ACK")}";
}
