namespace HilRig.Server.Webhooks;

/// <summary>Makes webhooks known.</summary>
internal static class WebhookSetup
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<WebhookStore>();
        services.AddHostedService<FlagWatch>();
        services.AddHostedService<NightWatch>();
        services.AddHostedService<WebhookSender>();
    }
}
