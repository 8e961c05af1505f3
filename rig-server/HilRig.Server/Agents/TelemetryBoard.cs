using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using HilRig.Model.Rig;
using HilRig.Server.Operations;

namespace HilRig.Server.Agents;

/// <summary>
/// The newest value of each figure that agents measure, shown as metrics. Nothing here waits: what is too much, or too many different ones, is
/// dropped and counted, with what the agents dropped themselves.
/// </summary>
public sealed class TelemetryBoard
{
    /// <summary>Of one agent in one second.</summary>
    public const int MostSamples = 1_000;

    /// <summary>Different figures of one agent.</summary>
    public const int MostSeries = 200;

    private readonly ConcurrentDictionary<string, AgentFigures> agents = new(StringComparer.Ordinal);
    private readonly Counter<long> dropped;
    private readonly TimeProvider time;

    public TelemetryBoard(IMeterFactory factory, TimeProvider time)
    {
        this.time = time;
        var meter = factory.Create(RigMeters.Name);
        dropped = meter.CreateCounter<long>("hilrig.telemetry.dropped", "{sample}", "Samples of telemetry that were dropped, by the agents or here.");
        meter.CreateObservableGauge("hilrig.telemetry.value", Read, description: "The newest sample of each figure that a connected agent measures.");
    }

    public void Take(string agent, TelemetryBatch batch)
    {
        var lost = Math.Max(0, batch.Dropped) + agents.GetOrAdd(agent, _ => new AgentFigures()).Take(batch.Samples, time.GetTimestamp(), time.TimestampFrequency);
        if (lost > 0)
            dropped.Add(lost, new KeyValuePair<string, object?>("agent", agent));
    }

    /// <summary>What an agent measured says nothing once it is gone.</summary>
    public void Forget(string agent) => agents.TryRemove(agent, out _);

    private IEnumerable<Measurement<double>> Read() =>
        from agent in agents
        from figure in agent.Value.Newest
        select new Measurement<double>(figure.Value, new("agent", agent.Key), new("place", figure.Key.Place), new("name", figure.Key.Name));

    private sealed class AgentFigures
    {
        private readonly Lock gate = new();
        private readonly Dictionary<(string Place, string Name), double> newest = [];
        private long second;
        private int inSecond;

        public List<KeyValuePair<(string Place, string Name), double>> Newest
        {
            get
            {
                lock (gate)
                    return [.. newest];
            }
        }

        /// <summary>Answers how many were dropped.</summary>
        public int Take(IReadOnlyList<TelemetrySample> samples, long now, long frequency)
        {
            lock (gate)
            {
                if (now / frequency != second)
                    (second, inSecond) = (now / frequency, 0);
                var lost = 0;
                foreach (var sample in samples)
                {
                    if (++inSecond > MostSamples || (newest.Count == MostSeries && !newest.ContainsKey((sample.Place, sample.Name))))
                        lost++;
                    else
                        newest[(sample.Place, sample.Name)] = sample.Value;
                }
                return lost;
            }
        }
    }
}
