namespace HilRig.Tests.VirtualBoard;

/// <summary>Time that moves only when told to.</summary>
internal sealed class HandTurnedTime : TimeProvider
{
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public void Advance(long ticks) => now += ticks;
}
