using System.Net;
using System.Security.Cryptography;
using HilRig.Server.Feed;
using Polly;
using Polly.Timeout;

namespace HilRig.Server.Webhooks;

/// <summary>Sends what waits, retries within bounds, and keeps a log of it. At least once: a server that dies in between leaves it to the next.</summary>
internal sealed class WebhookSender(WebhookStore store, RunFeed feed, ServerOptions options, TimeProvider time, ILogger<WebhookSender> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private readonly WebhookClient client = new(options.PrivateWebhooks);
    private readonly ResiliencePipeline<HttpStatusCode> pipeline = Policies.Webhook(options.WebhookPause);

    public override void Dispose()
    {
        client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(Look, time);
        var sending = new List<Task>();
        try
        {
            while (await looks.WaitForNextTickAsync(stoppingToken))
            {
                sending.RemoveAll(task => task.IsCompleted);
                sending.AddRange((await TakeDueAsync(stoppingToken)).Select(delivery => SendAsync(delivery, stoppingToken)));
            }
        }
        finally
        {
            // Each still has a word for the log, and the database goes when this has ended.
            await Task.WhenAll(sending);
        }
    }

    private async Task<IReadOnlyList<DueDelivery>> TakeDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.TakeDueAsync(Policies.WebhookTurn, cancellationToken);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
        {
            Log.WebhooksNotRead(log, exception);
            return [];
        }
    }

    private async Task SendAsync(DueDelivery delivery, CancellationToken cancellationToken)
    {
        var attempts = 0;
        try
        {
            var secret = store.SecretOf(delivery);
            var status = await pipeline.ExecuteAsync(async token =>
            {
                attempts++;
                try
                {
                    var answer = await client.SendAsync(delivery, secret, time.GetUtcNow(), token);
                    await store.NoteAsync(delivery, DeliveryState.Waiting, attempts, Words(answer), cancellationToken);
                    return answer;
                }
                catch (HttpRequestException exception)
                {
                    await store.NoteAsync(delivery, DeliveryState.Waiting, attempts, exception.Message, cancellationToken);
                    throw;
                }
            }, cancellationToken);
            await store.NoteAsync(delivery, (int)status is >= 200 and < 300 ? DeliveryState.Delivered : DeliveryState.Failed, attempts, Words(status), cancellationToken);
            feed.PingAll();
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException or CryptographicException)
        {
            var outcome = exception switch
            {
                CryptographicException => "its secret cannot be read with this server's keys; remove the webhook and add it again",
                TimeoutRejectedException => "no answer in time",
                _ => exception.Message,
            };
            Log.WebhookFailed(log, delivery.Id, delivery.Url.Host, outcome);
            await store.NoteAsync(delivery, DeliveryState.Failed, attempts, outcome, CancellationToken.None);
            feed.PingAll();
        }
        catch (Exception exception) when (exception is OperationCanceledException or System.Data.Common.DbException or ObjectDisposedException)
        {
            // It is due again when its turn is over, here or at another server.
        }
    }

    private static string Words(HttpStatusCode status) => $"{(int)status} {status}";
}
