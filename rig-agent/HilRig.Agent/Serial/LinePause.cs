namespace HilRig.Agent.Serial;

/// <summary>Pauses in what is sent on a link.</summary>
/// <param name="Between">Before every packet.</param>
/// <param name="Inside">After the start byte of every packet, where a KBOOT device allows 10 ms (facts: kboot §1.3, F20).</param>
public sealed record LinePause(TimeSpan Between, TimeSpan Inside)
{
    public static LinePause None { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

    /// <summary><c>none</c>, <c>between 5 ms</c>, <c>inside 8 ms</c>, or both.</summary>
    public override string ToString() => (Between > TimeSpan.Zero, Inside > TimeSpan.Zero) switch
    {
        (false, false) => "none",
        (true, false) => $"between {Between.TotalMilliseconds:0.###} ms",
        (false, true) => $"inside {Inside.TotalMilliseconds:0.###} ms",
        _ => $"between {Between.TotalMilliseconds:0.###} ms, inside {Inside.TotalMilliseconds:0.###} ms",
    };
}
