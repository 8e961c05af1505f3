namespace HilRig.Model.Runs;

/// <summary>One thing captured at a failure, before anything else touched the board.</summary>
/// <param name="Kind">What it is: <c>views</c>, <c>link-trace</c>, <c>registers</c> …</param>
/// <param name="Title">One line that says what a reader sees.</param>
/// <param name="Text">The content as text (JSON or lines), or as much of it as belongs on a page; empty where it could not be had or is no text.</param>
/// <param name="Missing">Why it could not be had; null where it could.</param>
/// <param name="Digest">SHA-256 of the whole content, by which the agent keeps it; null where it keeps none.</param>
/// <param name="Size">Bytes of the whole content.</param>
public sealed record EvidenceItem(string Kind, string Title, string Text, string? Missing, string? Digest = null, long Size = 0);

/// <summary>Kinds of evidence, in the order in which they are captured.</summary>
public static class EvidenceKinds
{
    /// <summary>One line a packet, oldest first; kept whole as JSON lines.</summary>
    public const string LinkTrace = "link-trace";

    /// <summary>The same packets as pcapng.</summary>
    public const string LinkCapture = "link-capture";

    /// <summary>One line a command or response: what the bootloader was asked and what it claimed.</summary>
    public const string Claims = "claims";

    /// <summary>One line for each thing that probe and supply were told; kept whole as JSON lines.</summary>
    public const string BenchTrace = "bench-trace";

    /// <summary>What link and serial driver counted since the port was opened.</summary>
    public const string SerialCounters = "serial-counters";

    /// <summary>What probe and supply say.</summary>
    public const string Witnesses = "witnesses";

    /// <summary>What the supply measures.</summary>
    public const string Supply = "supply";

    /// <summary>Status of the MDM-AP, the debug port that answers also on a secured part.</summary>
    public const string DebugPort = "mdm-ap";

    /// <summary>One line a register: name, value, its named bits.</summary>
    public const string Registers = "registers";

    /// <summary>One line a register of the core itself: it is halted for them.</summary>
    public const string CoreRegisters = "core-registers";

    /// <summary>JSON of <see cref="MemoryViews"/>.</summary>
    public const string Views = "views";

    /// <summary>One line a property.</summary>
    public const string Properties = "properties";

    /// <summary>Whether the core's caches are on, and their shape.</summary>
    public const string Caches = "caches";

    /// <summary>Bytes of memory, as a step was told to keep them.</summary>
    public const string Memory = "memory";

    /// <summary>The chip's flash configuration field before and after it was programmed by SWD.</summary>
    public const string FlashConfiguration = "flash-configuration";
}

/// <summary>The same bytes as three witnesses see them; the proof of a stale cache.</summary>
/// <param name="Rows">Addresses where two views differ, at most a page of them, then vectors, BCA and FCF.</param>
/// <param name="BytesCompared">How many bytes were looked at.</param>
/// <param name="BytesDiffering">How many of them differ between any two views.</param>
public sealed record MemoryViews(uint Address, int BytesCompared, int BytesDiffering, IReadOnlyList<MemoryViewRow> Rows);

/// <param name="Address">Address of the first byte.</param>
/// <param name="Array">Up to 16 bytes as SWD reads the flash array (non-cacheable), in hex; empty where not read.</param>
/// <param name="Core">The same bytes as the core sees them through its cache (cacheable SWD access).</param>
/// <param name="Bootloader">The same bytes as the bootloader's read-memory returns them.</param>
/// <param name="Note">What lies there, for a row that is shown at any rate: <c>vectors</c>, <c>BCA</c>, <c>FCF</c>.</param>
public sealed record MemoryViewRow(uint Address, string Array, string Core, string Bootloader, string? Note = null);
