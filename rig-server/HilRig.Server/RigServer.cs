using System.Net.Sockets;
using HilRig.Dashboards;
using HilRig.Model.Campaigns;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Agents;
using HilRig.Server.Api;
using HilRig.Server.Campaigns;
using HilRig.Server.Discrimination;
using HilRig.Server.Dispatch;
using HilRig.Server.Feed;
using HilRig.Server.Judging;
using HilRig.Server.Operations;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using HilRig.Server.Webhooks;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace HilRig.Server;

/// <summary>A server on its data directory, from start to stop.</summary>
public sealed class RigServer : IAsyncDisposable
{
    private const int LargestMessage = 4 << 20;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);
    private readonly WebApplication app;
    private readonly IDatabase database;
    private readonly DataDirectory directory;

    private RigServer(WebApplication app, IDatabase database, DataDirectory directory) =>
        (this.app, this.database, this.directory) = (app, database, directory);

    /// <summary>Where it can be reached, with the port that it really has.</summary>
    public Uri Url => new(app.Urls.First());

    public IServiceProvider Services => app.Services;

    /// <summary>Returns when requests are answered. Throws <see cref="StartException"/> in words.</summary>
    public static async Task<RigServer> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var directory = DataDirectory.Open(options.Data, options.Shared);
        IDatabase? database = null;
        WebApplication? app = null;
        try
        {
            database = await StoreSetup.OpenAsync(options, directory, cancellationToken);
            app = Build(options, directory, database);
            app.Services.GetRequiredService<KnownIssueFile>();
            await RequireAccountsAsync(app, options, cancellationToken);
            await StartAsync(app, options, cancellationToken);
            return new RigServer(app, database, directory);
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            database?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Returns when somebody asked the server to stop.</summary>
    public Task WaitForStopAsync(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        database.Dispose();
        directory.Dispose();
    }

    /// <summary>Whoever reaches a server without accounts is its owner; so nobody but this machine may reach it.</summary>
    private static async Task RequireAccountsAsync(WebApplication app, ServerOptions options, CancellationToken cancellationToken)
    {
        if (!options.IsLocal && options.Oidc is null && !await app.Services.GetRequiredService<PersonStore>().HasAccountsAsync(cancellationToken))
            throw new StartException($"--address {options.Address} opens this server to others, and it has no accounts; add an admin first: ./rig server person NAME --role admin");
    }

    private static async Task StartAsync(WebApplication app, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            var reason = exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
                ? "is in use by another program"
                : $"cannot be opened ({exception.GetBaseException().Message})";
            throw new StartException($"port {options.Port} {reason}; choose another with --port");
        }
    }

    private static WebApplication Build(ServerOptions options, DataDirectory directory, IDatabase database)
    {
        // Settings come from the command line alone; a stray appsettings.json in the working directory is nobody's wish.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, endpoint => options.Tls?.Use(endpoint));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        AddLogging(builder.Logging);

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddStores(options, database, directory);
        builder.Services.AddSingleton<FlagBook>();
        builder.Services.AddSingleton<KnownIssueFile>();
        builder.Services.AddHostedService<FlagBookLoader>();
        builder.Services.AddSingleton<RunFeed>();
        builder.Services.AddSingleton<AgentRegistry>();
        builder.Services.AddSingleton<CampaignDesk>();
        builder.Services.AddSingleton<DiscriminationDesk>();
        builder.Services.AddSingleton<TelemetryBoard>();
        builder.Services.AddSingleton<Dispatcher>();
        builder.Services.AddSingleton<LeaseClock>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LeaseClock>());
        builder.Services.AddSingleton<InvestigationRequests>();
        builder.Services.AddSingleton<AutoInvestigator>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AutoInvestigator>());
        builder.Services.AddSingleton<IRunReader, RunReader>();
        builder.Services.AddSingleton<ICampaignReader, CampaignReader>();
        builder.Services.AddReaders();
        AddProtocols(builder.Services);
        builder.Services.AddSecurity(options, directory);
        builder.Services.AddOperations(options, directory);
        builder.Services.AddWebhooks();
        builder.Services.AddSingleton(new SignInOptions(options.Oidc is not null));
        builder.Services.AddDashboards();

        var app = builder.Build();
        app.UsePageHeaders();
        app.UseOwnPagesOnly(options.IsLocal);
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = context => context.ExceptionHandledBy is ExceptionHandledType.ExceptionHandlerService });
        // Only the API's errors: a page that is not found is a page.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseStatusCodePages());
        app.UseHealth();
        app.UseSecurity();
        app.UseChangePings();
        app.MapHub<RigHub>(HubContract.Path).RequireAuthorization(Access.Agent);
        app.MapApi();
        app.MapLive();
        app.MapOperations();
        app.MapDashboards();
        return app;
    }

    private static void AddProtocols(IServiceCollection services)
    {
        services.AddSignalR(signalR =>
            {
                signalR.MaximumReceiveMessageSize = LargestMessage;
                signalR.AddFilter<HubErrors>();
            })
            .AddJsonProtocol(json => RunJson.Configure(json.PayloadSerializerOptions));
        // Of two protocols of one name the later one serves.
        services.AddSingleton<IHubProtocol>(provider => new WholeMessages(ActivatorUtilities.CreateInstance<JsonHubProtocol>(provider)));
        services.ConfigureHttpJsonOptions(json =>
        {
            RunJson.Configure(json.SerializerOptions);
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<BadInputProblems>();
        services.AddOpenApi("v1", document => document.AddOperationTransformer(RoleDescription.AddAsync));
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        // A port in use is told in one line by StartAsync; these two would tell it twice more, with stack traces.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None);
        // It logs refusals as failures, with stack traces; HubErrors logs what is one.
        logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None);
        // The keys lie in the data directory, which is this server's alone; that nothing encrypts them once more is known.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
