namespace HilRig.Model.Runs;

/// <summary>One thing captured at a failure, before anything else touched the board.</summary>
/// <param name="Kind">What it is: <c>views</c>, <c>link-trace</c>, <c>registers</c> …</param>
/// <param name="Title">One line that says what a reader sees.</param>
/// <param name="Text">The content as text (JSON or lines); empty where it could not be had.</param>
/// <param name="Missing">Why it could not be had; null where it could.</param>
public sealed record EvidenceItem(string Kind, string Title, string Text, string? Missing);

/// <summary>Kinds of evidence that pages know how to draw.</summary>
public static class EvidenceKinds
{
    /// <summary>JSON of <see cref="MemoryViews"/>.</summary>
    public const string Views = "views";

    /// <summary>One line a packet, oldest first.</summary>
    public const string LinkTrace = "link-trace";

    /// <summary>One line a register: name and value.</summary>
    public const string Registers = "registers";

    /// <summary>Whether the core's caches are on, and their shape.</summary>
    public const string Caches = "caches";

    /// <summary>Bytes of memory, as a step was told to keep them.</summary>
    public const string Memory = "memory";

    /// <summary>The chip's flash configuration field before and after it was programmed by SWD.</summary>
    public const string FlashConfiguration = "flash-configuration";

    /// <summary>Status of the MDM-AP, the debug port that answers also on a secured part.</summary>
    public const string DebugPort = "mdm-ap";
}

/// <summary>The same bytes as three witnesses see them; the proof of a stale cache.</summary>
/// <param name="Rows">Only addresses where two views differ, at most a page of them.</param>
/// <param name="BytesCompared">How many bytes were looked at.</param>
/// <param name="BytesDiffering">How many of them differ between any two views.</param>
public sealed record MemoryViews(uint Address, int BytesCompared, int BytesDiffering, IReadOnlyList<MemoryViewRow> Rows);

/// <param name="Address">Address of the first byte.</param>
/// <param name="Array">Up to 16 bytes as SWD reads the flash array (non-cacheable), in hex; empty where not read.</param>
/// <param name="Core">The same bytes as the core sees them through its cache (cacheable SWD access).</param>
/// <param name="Bootloader">The same bytes as the bootloader's read-memory returns them.</param>
public sealed record MemoryViewRow(uint Address, string Array, string Core, string Bootloader);
