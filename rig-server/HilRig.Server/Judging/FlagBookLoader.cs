using System.Data.Common;
using HilRig.Server.Storage;

namespace HilRig.Server.Judging;

/// <summary>
/// Feeds the stored samples to the judge. A short history is read before anybody can connect; of a long one the rest is read while the server already
/// works, and <c>/readyz</c> says how far it is. What an agent sends meanwhile of a run that began before is read from the store run by run.
/// </summary>
public sealed class FlagBookLoader(IRunStore store, FlagBook flags, TimeProvider time, ILogger<FlagBookLoader> log) : BackgroundService
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(flags.Complete, Task.Delay(LongestStart, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!flags.Complete.IsCompleted)
        {
            try
            {
                // Off the thread that starts the server: SQLite answers without ever waiting.
                await Task.Run(() => flags.LoadAsync(store, stoppingToken), stoppingToken);
            }
            catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
            {
                Log.HistoryNotRead(log, exception);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }
}
