namespace HilRig.Tests.Server;

/// <summary>The present, or the moment given, and as far beyond it as it was moved.</summary>
internal sealed class HandClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly TimeSpan offset = start is { } at ? at - System.GetUtcNow() : TimeSpan.Zero;
    private TimeSpan moved;

    public void Move(TimeSpan by) => moved += by;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(moved.TotalSeconds * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset + moved;
}
