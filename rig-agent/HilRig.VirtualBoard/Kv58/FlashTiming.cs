namespace HilRig.VirtualBoard.Kv58;

/// <summary>Typical FTFE times at speed 1. The data sheet was not at hand: FTFE family figures (facts: kboot §6.3).</summary>
public static class FlashTiming
{
    public static readonly TimeSpan EraseSector = TimeSpan.FromMilliseconds(15);
    public static readonly TimeSpan EraseAll = TimeSpan.FromMilliseconds(700);
    public static readonly TimeSpan ProgramPhrase = TimeSpan.FromMicroseconds(90);

    /// <summary>One 32-byte unit of a section; 32 of them make the 5 ms of 1 KB.</summary>
    public static readonly TimeSpan ProgramUnit = TimeSpan.FromMicroseconds(156);
}
