using HilRig.Server.Dispatch;
using HilRig.Server.Feed;
using HilRig.Server.Judging;
using HilRig.Server.Storage.Postgres;
using Npgsql;

namespace HilRig.Server.Storage;

/// <summary>Hears what the servers on one database tell each other, and lets pages, judge and dispatch of this one read again.</summary>
public sealed class FanOut(PostgresDatabase database, RunFeed feed, FlagBook flags, IRunStore store, Dispatcher dispatcher, TimeProvider time, ILogger<FanOut> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private Task late = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await database.ListenAsync(() => HearAsync(null, stoppingToken), notice => HearAsync(notice, stoppingToken), stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                Log.FanOutLost(log, exception.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await late.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
        }
    }

    /// <summary>After the history, which a server that starts is still reading, and beside what is heard meanwhile.</summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await flags.Complete.WaitAsync(cancellationToken);
            await flags.CatchUpAsync(store, null, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            // The connection that listens breaks with it, and whoever listens anew catches up.
            Log.FanOutLost(log, exception.Message);
        }
    }

    /// <summary>Null stands for everything: what was said while nobody listened was missed.</summary>
    private async Task HearAsync(Notice? notice, CancellationToken cancellationToken)
    {
        if (notice is { RunIds.Count: > 0 })
        {
            // What this server stored itself, IngestWriter has put into the book.
            if (notice.IsOwn)
                return;
            await flags.CatchUpAsync(store, notice.RunIds, cancellationToken);
            feed.Ping(notice.RunIds);
            return;
        }
        if (notice is null)
            late = CatchUpAsync(cancellationToken);
        if (notice is not { IsOwn: true })
            await dispatcher.FillAsync(cancellationToken);
    }
}
