using System.Diagnostics;
using System.Diagnostics.Metrics;
using HilRig.Server.Agents;

namespace HilRig.Server.Operations;

/// <summary>What the server counts about itself, under the meter and source <c>HilRig</c>. Names follow OpenTelemetry.</summary>
public sealed class RigMeters
{
    public const string Name = "HilRig";

    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> events;
    private readonly Counter<long> refusals;
    private readonly Histogram<double> commits;

    public RigMeters(IMeterFactory factory, AgentRegistry agents)
    {
        var meter = factory.Create(Name);
        events = meter.CreateCounter<long>("hilrig.events.stored", "{event}", "Events that are on disk.");
        refusals = meter.CreateCounter<long>("hilrig.batches.refused", "{batch}", "Batches of events that were refused: stale, foreign or not a run.");
        commits = meter.CreateHistogram(
            "hilrig.commit.duration", "s", "One transaction of events, from its start until it is on disk.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });
        meter.CreateObservableGauge("hilrig.agents.connected", () => agents.All.Count(), "{agent}", "Agents that are connected to this server.");
        meter.CreateObservableGauge("hilrig.places.connected", () => agents.All.Sum(agent => agent.Places.Count), "{place}", "Places of the agents that are connected to this server.");
    }

    public void Stored(long count, TimeSpan took)
    {
        events.Add(count);
        commits.Record(took.TotalSeconds);
    }

    public void Refused() => refusals.Add(1);
}
