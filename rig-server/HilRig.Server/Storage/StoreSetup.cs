using HilRig.Server.Campaigns;
using HilRig.Server.Discrimination;
using HilRig.Server.Retention;
using HilRig.Server.SignOffs;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Storage.Sqlite;
using HilRig.Server.Timelines;

namespace HilRig.Server.Storage;

/// <summary>Opens the database that the options name and makes its stores known.</summary>
internal static class StoreSetup
{
    public static async Task<IDatabase> OpenAsync(ServerOptions options, DataDirectory directory, CancellationToken cancellationToken) =>
        options.Database is { } address
            ? await PostgresDatabase.OpenAsync(address, cancellationToken)
            : await SqliteDatabase.OpenAsync(directory.Database, cancellationToken);

    public static void AddStores(this IServiceCollection services, ServerOptions options, IDatabase database, DataDirectory directory)
    {
        services.AddSingleton(database);
        services.AddSingleton<IRunStore, RunStore>();
        services.AddSingleton<IOrderStore, OrderStore>();
        services.AddSingleton<GridStore>();
        services.AddSingleton<TimelineStore>();
        services.AddSingleton<TimelineReader>();
        services.AddSingleton<PauseStore>();
        services.AddSingleton<CampaignStore>();
        services.AddSingleton<ReleaseStore>();
        services.AddSingleton<DiscriminationStore>();
        services.AddSingleton<SignOffStore>();
        services.AddSingleton<RetentionStore>();
        services.AddSingleton(options.Keeping);
        services.AddHostedService<RetentionClock>();
        services.AddSingleton(new ArtifactStore(directory.Artifacts));
        services.AddSingleton(new KeptDossiers(directory.Dossiers));
        services.AddSingleton<IngestWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<IngestWriter>());
        if (database is PostgresDatabase shared)
        {
            services.AddSingleton(shared);
            services.AddHostedService<FanOut>();
        }
    }
}
