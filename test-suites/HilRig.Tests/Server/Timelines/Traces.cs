using System.Text;
using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Tests.Server.Timelines;

/// <summary>Captures as an agent keeps them, whole: packets and what probe and supply were told.</summary>
internal static class Traces
{
    /// <summary>A write that ends in 10203: 24 packets, 4.1 ms apart, the last one at <paramref name="end"/>.</summary>
    public static byte[] Packets(DateTimeOffset end) => Lines(Enumerable.Range(0, 24).Select(index => new
    {
        number = index + 1,
        time = end.AddMilliseconds(-4.1 * (23 - index)),
        seconds = 1.5 + (index * 0.0041),
        gap = 0.0041,
        from = index % 2 == 0 ? "host" : "device",
        kind = index == 6 ? "BadCrc" : "Packet",
        resend = index == 8 ? 1 : 0,
        length = index == 23 ? 18 : index % 2 == 0 ? 38 : 2,
        bytes = index == 23 ? "5AA40C0007D1A0000002DB27000004000000" : index % 2 == 0 ? "5AA52000AB1200010203" : "5AA1",
        text = index == 23 ? "generic-response 10203 kStatusMemoryCumulativeWrite for write-memory" : index % 2 == 0 ? "data, 32 bytes" : "ACK",
    }));

    public static byte[] Acts(DateTimeOffset end) => Lines<object>(
    [
        new { number = 1, time = end.AddMilliseconds(-90), took = 0.012, lane = "power", text = "OUTP OFF;OUTP? → 0" },
        new { number = 2, time = end.AddMilliseconds(-60), took = 0.004, lane = "core", text = "halt" },
        new { number = 3, time = end.AddMilliseconds(-50), took = 0.006, lane = "swd", text = "read32 0xe000edf0", failed = true },
    ]);

    private static byte[] Lines<T>(IEnumerable<T> objects) => Encoding.UTF8.GetBytes(string.Concat(objects.Select(one => JsonSerializer.Serialize(one, RunJson.Options) + "\n")));
}
