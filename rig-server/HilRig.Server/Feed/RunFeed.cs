using System.Collections.Concurrent;

namespace HilRig.Server.Feed;

/// <summary>Says that something changed, never what: whoever listens reads again. A slow listener misses pings, not news.</summary>
public sealed class RunFeed
{
    private readonly ConcurrentDictionary<Listener, bool> listeners = [];

    /// <summary>These runs have new events.</summary>
    public void Ping(IEnumerable<string> runIds)
    {
        var changed = runIds.ToHashSet(StringComparer.Ordinal);
        foreach (var (listener, _) in listeners)
        {
            if (listener.RunId is null || changed.Contains(listener.RunId))
                listener.Ping();
        }
    }

    /// <summary>Queue, places or agents changed: everybody may be concerned.</summary>
    public void PingAll()
    {
        foreach (var (listener, _) in listeners)
            listener.Ping();
    }

    /// <summary>Listens from now on, to one run or for null to everything, until the listener is disposed of.</summary>
    public Listener Listen(string? runId)
    {
        var listener = new Listener(runId, this);
        listeners[listener] = true;
        return listener;
    }

    internal void Leave(Listener listener) => listeners.TryRemove(listener, out _);
}
