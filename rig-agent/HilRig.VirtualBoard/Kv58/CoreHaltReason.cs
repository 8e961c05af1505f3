namespace HilRig.VirtualBoard.Kv58;

/// <summary>The bits of DFSR.</summary>
internal static class CoreHaltReason
{
    public const uint Halted = 1 << 0;
    public const uint Breakpoint = 1 << 1;
    public const uint VectorCatch = 1 << 3;
    public const uint External = 1 << 4;
}
