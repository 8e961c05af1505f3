namespace HilRig.Server.Retention;

/// <summary>Looks at the start and once an hour for what was kept long enough.</summary>
internal sealed class RetentionClock(RetentionStore store, Keeping keeping, TimeProvider time, ILogger<RetentionClock> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hours = new PeriodicTimer(Pause, time);
        // Off the thread that starts the server.
        await Task.Yield();
        do
        {
            try
            {
                var deleted = await store.ApplyAsync(keeping, stoppingToken);
                if (deleted != new Deleted(0, 0, 0))
                    Log.RetentionDeleted(log, deleted.Results, deleted.Events, deleted.Evidence);
            }
            catch (Exception exception) when (exception is System.Data.Common.DbException or IOException)
            {
                Log.RetentionFailed(log, exception);
            }
        }
        while (await hours.WaitForNextTickAsync(stoppingToken));
    }
}
