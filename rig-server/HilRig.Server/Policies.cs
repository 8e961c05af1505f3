using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace HilRig.Server;

/// <summary>Every deadline and retry of the server's calls to others, in one place. The database's own stand with it, since their reason is its locks.</summary>
public static class Policies
{
    /// <summary>Attempts of one delivery to a webhook: seven, over five minutes.</summary>
    public const int WebhookRetries = 6;

    /// <summary>Longer than all attempts and pauses of a delivery together; after it another server may try.</summary>
    public static TimeSpan WebhookTurn => TimeSpan.FromMinutes(15);

    /// <summary>A webhook that is away, too busy or in trouble is tried again, one that refuses is not.</summary>
    /// <param name="firstPause">It doubles with each attempt.</param>
    public static ResiliencePipeline<HttpStatusCode> Webhook(TimeSpan firstPause) => new ResiliencePipelineBuilder<HttpStatusCode>()
        .AddRetry(new RetryStrategyOptions<HttpStatusCode>
        {
            MaxRetryAttempts = WebhookRetries,
            Delay = firstPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder<HttpStatusCode>()
                .Handle<HttpRequestException>().Handle<TimeoutRejectedException>()
                .HandleResult(status => (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout),
        })
        .AddTimeout(TimeSpan.FromSeconds(10))
        .Build();
}
