using System.Buffers.Binary;
using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>What is wrong in what the agent was told: a sequence or an image that asks what no sound board can do.</summary>
internal static class SequenceFaults
{
    private const uint Application = 0x1000A000;

    public static IEnumerable<LabelledFault> All =>
    [
        Steps("write without an erase", random => $"  - update\n  - write-memory: {{start: {Hex(Application + (32 * random.Next(30)))}, data: \"{Data(random)}\"}}"),
        Steps("fill without an erase", random => $"  - update\n  - fill-memory: {{start: {Hex(Application + (32 * random.Next(30)))}, length: {32 * random.Next(1, 16)}, pattern: 0x{random.Next():X8}}}"),
        Steps("the same bytes written twice", random =>
        {
            var write = $"  - write-memory: {{start: {Hex(0x10040000 + (32 * random.Next(256)))}, data: \"{Data(random)}\"}}";
            return $"  - erase-all\n{write}\n{write}";
        }),
        Steps("write into the bootloader", random => $"  - write-memory: {{start: {Hex(0x10000000 + (32 * random.Next(0x2F0)))}, data: \"{Data(random)}\"}}"),
        Steps("write beyond the flash", random => $"  - write-memory: {{start: {Hex(0x10100000 + (32 * random.Next(4096)))}, data: \"{Data(random)}\"}}"),
        Steps("erase beyond the flash", random => $"  - erase-region: {{start: 0x100FE000, length: {Hex((uint)random.Next(2, 8) * 0x2000)}}}"),
        Steps("erase of the bootloader", random => $"  - erase-region: {{start: {Hex(0x10000000 + ((uint)random.Next(3) * 0x2000))}, length: 0x2000}}"),
        Steps("erase off its alignment", random => $"  - erase-region: {{start: {Hex((uint)(Application + 0x4000 + (32 * random.Next(8)) + random.Next(1, 32)))}, length: 0x2000}}"),
        Steps("write off its alignment", random => $"  - erase-all\n  - write-memory: {{start: {Hex((uint)(Application + (32 * random.Next(8)) + random.Next(1, 32)))}, data: \"{Data(random)}\"}}"),
        Steps("read where nothing is", random => $"  - read-memory: {{start: {Hex((uint)(0x60000000 + random.Next(0x1000000)))}, length: {random.Next(4, 64)}}}"),
        Steps("property that cannot be so", random => $"  - set-property: {{property: {Any(random, "bootloader-version", "flash-security-state", "max-packet-size", "verify-writes", "flash-read-margin")}, value: {random.Next(3, 1000)}}}"),
        Steps("wrong key", random => $"  - security-disable: {{key-low: 0x{random.Next():X8}, key-high: 0x{random.Next():X8}}}"),
        Steps("record of program-once that is not there", random => $"  - program-once: {{index: {random.Next(8, 64)}, data: \"{Data(random)[..16]}\"}}"),
        Steps("command that the release does not have", random => $"  - reliable-update: {{address: {Hex(Application + (0x2000 * (uint)random.Next(16)))}}}"),
        Steps("status expected that is none", random => $"  - expect: {{status: {Any(random, "10203", "104", "10200", "105")}, step: {Any(random, "erase-all", "erase-region", "ping")}}}"),
        Steps("jump where no code is", random => $"  - {Any(random, "call", "execute")}: {{entry: {Hex((uint)(0x10060001 + (2 * random.Next(0x1000))))}}}\n  - ping"),
        Steps("verify before anything was written", _ => "  - verify: {by: swd}"),
        Steps("pause that no packet survives", random => $"  - gap: {{inside: {random.Next(30, 120)}ms}}\n{Trial.Night}"),
        Steps("banner that the application does not say", random => $"  - update\n  - second-boot: {{by: probe, banner: \"never-{random.Next()}\", within: {random.Next(1000, 2500)}ms}}"),
        Steps("end of power left out", random => "  - power: {to: off}\n  - ping"),
        Image("image over the bootloader", (random, _) => 0x10000000 + (0x2000 * (uint)random.Next(3))),
        Image("image beyond the flash", (random, size) => (uint)(0x10100000 - (32 * random.Next(1, size / 32)))),
        new("image that locks its boot out", Layer.Sequence, LockedOut),
    ];

    private static LabelledFault Steps(string name, Func<Random, string> steps) => new(name, Layer.Sequence, random => Trial.OfNight(random) with { Steps = steps(random), Cycles = 1 });

    private static LabelledFault Image(string name, Func<Random, int, uint> address) => new(name, Layer.Sequence, random =>
    {
        var trial = Trial.OfNight(random);
        return trial with { Address = address(random, trial.Image.Length) };
    });

    /// <summary>A configuration area with a good tag that leaves the UART out: KBTLDR200RM §2.3, enabledPeripherals.</summary>
    private static Trial LockedOut(Random random)
    {
        var image = Trial.Application(random);
        "kcfg"u8.CopyTo(image.AsSpan(0x3C0));
        image[0x3C0 + 0x10] = (byte)(random.Next(128) << 1);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x3C0 + 0x12), (ushort)random.Next(2000));
        return Trial.OfNight(random) with { Image = image, Steps = $"{Trial.Night}\n  - reset: {{by: probe}}", Cycles = 1 };
    }

    private static string Hex(uint value) => $"0x{value:X8}";

    private static string Hex(long value) => Hex((uint)value);

    private static string Any(Random random, params string[] words) => words[random.Next(words.Length)];

    /// <summary>32 bytes, none of them blank.</summary>
    private static string Data(Random random)
    {
        var bytes = new byte[32];
        for (var index = 0; index < bytes.Length; index++)
            bytes[index] = (byte)random.Next(0xFF);
        return Convert.ToHexString(bytes);
    }
}
