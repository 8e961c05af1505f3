using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace HilRig.Server.Operations;

/// <summary>The sums of all instruments since the start, in Prometheus' text form (version 0.0.4).</summary>
public sealed class MetricsPage : IDisposable
{
    private static readonly string[] Meters = [RigMeters.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql"];
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> series = [];

    public MetricsPage()
    {
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (Meters.Contains(instrument.Meter.Name))
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    public string Read()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in series.GroupBy(pair => pair.Key.Instrument).OrderBy(family => family.Key.Name, StringComparer.Ordinal))
        {
            var name = NameOf(family.Key);
            text.Append("# HELP ").Append(name).Append(' ').Append(family.Key.Description).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(KindOf(family.Key)).Append('\n');
            foreach (var (key, one) in family.OrderBy(pair => pair.Key.Labels, StringComparer.Ordinal))
                one.Write(text, name, key.Labels);
        }
        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = string.Join(',', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .Select(tag => $"{Word(tag.Key)}=\"{Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\""));
        series.GetOrAdd((instrument, labels), key => new Series(KindOf(key.Instrument), BoundsOf(key.Instrument))).Take(value, IsAbsolute(instrument));
    }

    /// <summary>Observable counters and gauges report their present value, the others what is to be added.</summary>
    private static bool IsAbsolute(Instrument instrument) => instrument.IsObservable || KindOf(instrument) == "gauge" && !IsUpDown(instrument);

    private static bool IsUpDown(Instrument instrument) => instrument.GetType().Name.Contains("UpDownCounter", StringComparison.Ordinal);

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        var type when type.StartsWith("Histogram", StringComparison.Ordinal) => "histogram",
        var type when type.Contains("UpDownCounter", StringComparison.Ordinal) || type.Contains("Gauge", StringComparison.Ordinal) => "gauge",
        _ => "counter",
    };

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        _ => DefaultBounds,
    };

    /// <summary>As OpenTelemetry maps names: words by underscores, the unit behind, counters end in total.</summary>
    private static string NameOf(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return $"{Word(instrument.Name)}{unit}{(KindOf(instrument) == "counter" ? "_total" : "")}";
    }

    private static string Word(string name) => string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed class Series(string kind, double[] bounds)
    {
        private readonly Lock gate = new();
        private readonly long[] buckets = new long[bounds.Length + 1];
        private double sum;
        private long count;

        public void Take(double value, bool isAbsolute)
        {
            lock (gate)
            {
                sum = isAbsolute ? value : sum + value;
                count++;
                if (kind == "histogram")
                    buckets[Array.FindIndex(bounds, bound => value <= bound) is var found and >= 0 ? found : bounds.Length]++;
            }
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            lock (gate)
            {
                if (kind != "histogram")
                {
                    Line(text, name, labels, sum);
                    return;
                }
                var below = 0L;
                for (var index = 0; index <= bounds.Length; index++)
                {
                    below += buckets[index];
                    var bound = index == bounds.Length ? "+Inf" : bounds[index].ToString("R", CultureInfo.InvariantCulture);
                    Line(text, $"{name}_bucket", $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"", below);
                }
                Line(text, $"{name}_sum", labels, sum);
                Line(text, $"{name}_count", labels, count);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
