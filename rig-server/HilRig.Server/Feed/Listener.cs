using System.Threading.Channels;

namespace HilRig.Server.Feed;

/// <summary>One reader's ear on the <see cref="RunFeed"/>. It remembers that there was a ping, not how many.</summary>
public sealed class Listener(string? runId, RunFeed feed) : IDisposable
{
    private readonly Channel<bool> pings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The only run it cares for, or null for everything.</summary>
    public string? RunId => runId;

    /// <summary>Returns when something has changed since the call before, or since listening began.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await pings.Reader.ReadAsync(cancellationToken);

    public void Dispose() => feed.Leave(this);

    internal void Ping() => pings.Writer.TryWrite(true);
}
