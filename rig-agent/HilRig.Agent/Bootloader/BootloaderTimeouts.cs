namespace HilRig.Agent.Bootloader;

/// <summary>
/// Deadlines and bounds of a session. The defaults are FTFE maxima of the KV58's class (facts: kboot §6.3) with a margin
/// for USB adapters; <see cref="Scale"/> stretches what depends on the flash for slower parts or simulated time.
/// </summary>
public sealed record BootloaderTimeouts
{
    /// <summary>One ping's answer. Keep it above 80 ms: only such a gap restarts a device's autobaud.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Pings sent after an unanswered one, each counted: autobaud may lose the first.</summary>
    public int ExtraPings { get; init; } = 1;

    /// <summary>How long the line must stay silent after the first ping's answer: a session that died in a data phase speaks up here.</summary>
    public TimeSpan QuietAfterPing { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long <see cref="BootloaderClient.ResynchroniseAsync"/> drains the line.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long resynchronising goes on before it gives up.</summary>
    public TimeSpan Resynchronise { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A command that only computes, and any response once its ACK was seen.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>ACK of a data packet, or the next data packet. Every 32nd packet of a write waits for 1 KB to be programmed.</summary>
    public TimeSpan Data { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an aborted data phase may take to end.</summary>
    public TimeSpan Abort { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Silence within a begun frame after which the rest is taken as lost.</summary>
    public TimeSpan FrameStall { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Silence that ends a damaged burst, before the one NAK for it.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often one packet is sent again, and how often one is asked for again, before the exchange is given up.</summary>
    public int MaxResends { get; init; } = 5;

    /// <summary>Longest erase of one sector.</summary>
    public TimeSpan SectorErase { get; init; } = TimeSpan.FromMilliseconds(115);

    /// <summary>Longest programming and verifying of 1 KB.</summary>
    public TimeSpan SectionProgram { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Bytes; the unit that <see cref="SectorErase"/> is for.</summary>
    public uint SectorSize { get; init; } = 0x2000;

    /// <summary>Bytes; how much an erase-all has to erase.</summary>
    public uint FlashSize { get; init; } = 0x100000;

    /// <summary>Factor on the two flash times.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Deadline of an erase of <paramref name="byteCount"/> bytes.</summary>
    public TimeSpan Erase(uint byteCount) => Command + (SectorErase * (Scale * (Math.Ceiling((double)byteCount / SectorSize) + 1)));

    /// <summary>Deadline of programming <paramref name="byteCount"/> bytes in one go.</summary>
    public TimeSpan Program(uint byteCount) => Command + (SectionProgram * (Scale * (Math.Ceiling(byteCount / 1024.0) + 1)));
}
