using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>What is wrong in the product: a defective release on the board and its twin, or something on the board itself.</summary>
internal static class ProductFaults
{
    private const string ThenElsewhere = Trial.Night + "\n  - erase-region: {start: 0x1000C000, length: 0x2000}\n  - verify: {by: swd}";

    public static IEnumerable<LabelledFault> All =>
    [
        Of("kboot-2.0.0-cached"),
        Of("kboot-2.0.1-half"),
        Of("kboot-2.0.0-wide"),
        Board("kboot-2.0.0-blind on weak cells", random => Trial.OfNight(random, $"weak-cells:operation=program,bits={random.Next(4, 40)},p={Share(random, 0.2, 1)}") with { Release = Trial.Named("kboot-2.0.0-blind") }),
        Of("kboot-2.0.3-early"),
        Of("kboot-2.0.3-short"),
        Of("kboot-2.0.3-spoilt"),
        Of("kboot-2.0.3-repeat"),
        Of("kboot-2.0.3-echo"),
        Of("kboot-2.0.3-scared"),
        Of("kboot-2.0.3-timid"),
        Of("kboot-2.0.3-lazy"),
        Of("kboot-2.0.3-greedy", ThenElsewhere),
        Of("kboot-2.0.3-meddling"),
        Of("kboot-2.0.3-deaf", "  - reset: {by: bootloader}\n" + Trial.Night),
        Board("data cache on", random => Trial.OfNight(random, "dcache-on")),
        Board("stale line from the start", random => Trial.OfNight(random, $"stale-line:when=start,address={In(random, 0x400)},length={random.Next(32, 256)}")),
        Board("stale line from an erase", random => Trial.OfNight(random, $"stale-line:when=erase,address={In(random, 0x400)},length={random.Next(32, 256)}")),
        Board("garbage line", random => Trial.OfNight(random, $"garbage-line:p={Share(random, 0.3, 1)},length=0x400")),
        Board("speculation buffer not cleared", random => Trial.OfNight(random, "speculation-stuck")),
        Board("cells fall after an erase", random => Trial.OfNight(random, $"cells-fall:address={In(random, 0x480)},length={random.Next(1, 64)},value={random.Next(0xFF)},ms={random.Next(1, 6)}")),
        Board("weak cells at an erase", random => Trial.OfNight(random, $"weak-cells:operation=erase,bits={random.Next(4, 40)},p={Share(random, 0.3, 1)}")),
        Board("weak cells at a write", random => Trial.OfNight(random, $"weak-cells:operation=program,bits={random.Next(1, 9)},p={Share(random, 0.05, 0.4)}")),
        Board("region protected", random => Trial.OfNight(random, $"fprot:mask=0x{0xFFFFFFFF & ~(1u << 1 | 1u << random.Next(32)):X8}")),
        Board("flash too slow", random => Trial.OfNight(random, $"slow-flash:factor={random.Next(8_000, 30_000)}")),
        Board("part secured", random => Trial.OfNight(random, $"fsec:value=0x{(random.Next(64) << 2) | (random.Next(2) * 3):X2}")),
        Board("part blank", random => Trial.OfNight(random, "blank")),
        Board("watchdog not served", random => Trial.OfNight(random, $"watchdog:ms={random.Next(300, 4_000)}")),
        Board("watchdog in a flash operation", random => Trial.OfNight(random, $"reset-in-flash:cause=watchdog,p={Share(random, 0.2, 0.6)},fraction={Share(random, 0.1, 0.9)}")),
    ];

    internal static string Share(Random random, double low, double high) =>
        (low + (random.NextDouble() * (high - low))).ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture);

    private static LabelledFault Of(string release, string steps = Trial.Night) =>
        new(release, Layer.Product, random => Trial.OfNight(random) with { Steps = steps, Release = Trial.Named(release) });

    private static LabelledFault Board(string name, Func<Random, Trial> draw) => new(name, Layer.Product, draw);

    /// <summary>An address in the application.</summary>
    private static string In(Random random, int room) => $"0x{0x1000A000 + random.Next(room):X8}";
}
