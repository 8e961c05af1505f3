using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HilRig.Server.Feed;

/// <summary>Says that something changed, never what: whoever listens reads again. A slow listener misses pings, not news.</summary>
public sealed class RunFeed
{
    private sealed record Listener(string? RunId, Channel<bool> Pings);

    private readonly ConcurrentDictionary<Guid, Listener> listeners = [];

    /// <summary>These runs have new events.</summary>
    public void Ping(IEnumerable<string> runIds)
    {
        var changed = runIds.ToHashSet(StringComparer.Ordinal);
        foreach (var listener in listeners.Values)
        {
            if (listener.RunId is null || changed.Contains(listener.RunId))
                listener.Pings.Writer.TryWrite(true);
        }
    }

    /// <summary>Queue, places or agents changed: everybody may be concerned.</summary>
    public void PingAll()
    {
        foreach (var listener in listeners.Values)
            listener.Pings.Writer.TryWrite(true);
    }

    /// <summary>One item for any number of changes since the item before; only those of one run unless <paramref name="runId"/> is null.</summary>
    public async IAsyncEnumerable<bool> ListenAsync(string? runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid();
        var pings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        listeners[key] = new Listener(runId, pings);
        try
        {
            await foreach (var ping in pings.Reader.ReadAllAsync(cancellationToken))
                yield return ping;
        }
        finally
        {
            listeners.TryRemove(key, out _);
        }
    }
}
