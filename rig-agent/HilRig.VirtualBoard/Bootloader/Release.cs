namespace HilRig.VirtualBoard.Bootloader;

/// <summary>A bootloader release that can be installed on a virtual board.</summary>
/// <param name="Name">Of the file, and in the log.</param>
/// <param name="Version">What property 1 says.</param>
/// <param name="Entries">Further lines of the profile.</param>
/// <param name="About">What is good or wrong with it.</param>
public sealed record Release(string Name, string Version, string Entries, string About)
{
    public static IReadOnlyList<Release> All { get; } =
    [
        new("kboot-2.0.0-stock", "2.0.0", "dcache=off\ninvalidate=none\n", "good: NXP's sources as built for the TWR board, caches off"),
        new("kboot-2.0.0-cached", "2.0.0", "dcache=on\ninvalidate=none\n", "the SDK's startup turns the D-cache on and nobody invalidates it: 10203 over an application, stale read-back"),
        new("kboot-2.0.1-half", "2.0.1", "dcache=on\ninvalidate=erase\n", "invalidates after erase only: updates pass, read-memory after them returns FF"),
        new("kboot-2.0.0-wide", "2.0.0", "dcache=off\ninvalidate=none\nreserved=1048576\n", "linker file reserves all of flash: every write and erase 10200"),
        new("kboot-2.0.0-blind", "2.0.0", "dcache=off\ninvalidate=none\nverify=off\n", "verify-writes starts at 0: weak cells pass unnoticed"),
        new("kboot-2.0.0-crc", "2.0.0", "dcache=off\ninvalidate=none\ncrc=on\n", "good: BL_FEATURE_CRC_CHECK built in, which NXP's KV58 target leaves out: a wrong CRC keeps it in the bootloader"),
        new("kboot-2.0.2-fixed", "2.0.2", "dcache=on\ninvalidate=both\n", "good: caches on, invalidated after erase and program"),
        new("kboot-2.0.0-stock-debug", "2.0.0", "dcache=off\ninvalidate=none\nbuild=debug\n", "good: the stock build for debugging: larger, and it never starts an application by itself") { Size = FirmwareImage.DebugBootloaderSize },
        new("kboot-2.0.0-cached-debug", "2.0.0", "dcache=on\ninvalidate=none\nbuild=debug\n", "the cached build for debugging: larger, never starts an application by itself, and its cache is as stale") { Size = FirmwareImage.DebugBootloaderSize },
        new("kboot-2.0.0-secured", "2.0.0", "dcache=off\ninvalidate=none\nsecurity=backdoor\n", "good: its FSEC 0xBF secures the part at the next reset; backdoor key 01 02 03 04 05 06 07 08, mass erase allowed"),
    ];

    /// <summary>Releases whose word is not to be trusted; <see cref="All"/> has a twelfth in 2.0.1-half. Not shipped as files.</summary>
    public static IReadOnlyList<Release> Lying { get; } =
    [
        Lie("early", Defect.AnswersEarly, "answers a write before its last section is programmed"),
        Lie("short", Defect.SkipsLastUnit, "does not program the last 32 bytes of a write"),
        Lie("spoilt", Defect.SpoilsBits, "programs other bits than were sent, and verifies those"),
        Lie("repeat", Defect.RepeatsUnit, "programs a section's first unit twice"),
        Lie("echo", Defect.EchoesWrites, "programs other bits, and reads back what was sent"),
        Lie("scared", Defect.FailsGoodWrites, "answers 105 to writes that went well"),
        Lie("timid", Defect.FailsGoodErases, "answers 105 to erases that went well"),
        Lie("lazy", Defect.ErasesNothing, "says it erased, and did not"),
        Lie("greedy", Defect.ErasesBefore, "erases the sector before as well"),
        Lie("meddling", Defect.AltersConfiguration, "changes the flash configuration field with every erase"),
        Lie("deaf", Defect.IgnoresReset, "answers the reset command and goes on"),
    ];

    /// <summary>Bytes of the image; what it reserves is this, rounded up to a sector.</summary>
    public int Size { get; init; } = FirmwareImage.BootloaderSize;

    public FirmwareProfile Profile => FirmwareProfile.Parse($"kind=bootloader\nname={Name}\nversion={Version}\nsize={Size}\n{Entries}");

    private static Release Lie(string name, Defect defect, string about) =>
        new($"kboot-2.0.3-{name}", "2.0.3", $"dcache=off\ninvalidate=none\ndefect={defect}\n", $"lies: {about}");

    /// <summary>What a board has when nothing else is installed: NXP's sources, with or without the SDK's cache-enabling startup.</summary>
    public static FirmwareProfile Default(bool dataCache) => All[dataCache ? 1 : 0].Profile;
}
