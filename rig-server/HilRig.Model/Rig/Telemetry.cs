namespace HilRig.Model.Rig;

/// <summary>Figures of the moment, on a lane of their own: what comes late is worth nothing, so it is dropped and counted where events would wait.</summary>
/// <param name="Dropped">Samples that this agent had to drop since the batch before.</param>
public sealed record TelemetryBatch(long Dropped, IReadOnlyList<TelemetrySample> Samples);

/// <param name="Place">Where it was measured; empty for the agent's machine.</param>
/// <param name="Name">In the form of a metric's name: <c>events.waiting</c>.</param>
public sealed record TelemetrySample(DateTimeOffset At, string Place, string Name, double Value);
