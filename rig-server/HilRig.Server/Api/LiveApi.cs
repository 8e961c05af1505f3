using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using HilRig.Server.Feed;

namespace HilRig.Server.Api;

/// <summary>Pings for pages that are open, as server-sent events.</summary>
internal static class LiveApi
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(400);

    public static void MapLive(this WebApplication app) =>
        app.MapGet("/live", (string? run, RunFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken cancellationToken) =>
            TypedResults.ServerSentEvents(PingAsync(run, feed, time, lifetime.ApplicationStopping, cancellationToken)))
            .ExcludeFromDescription();

    /// <summary>The first ping comes at once: the page may have aged between its rendering and this connection.</summary>
    private static async IAsyncEnumerable<SseItem<string>> PingAsync(
        string? runId, RunFeed feed, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        using var listener = feed.Listen(runId);
        do
        {
            yield return new SseItem<string>("changed");
        }
        while (await HasNewsAsync(listener, time, either.Token));
    }

    /// <summary>False when the server stops or the reader has left: both end the stream without an error.</summary>
    private static async Task<bool> HasNewsAsync(Listener listener, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(AtMostEvery, time, cancellationToken);
            await listener.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
