using HilRig.Model.Nights;
using HilRig.Server.Storage;

namespace HilRig.Server.Webhooks;

/// <summary>
/// Tells once a day what the night came to, at the local time that the server was given or, where it was not running then, as soon as it is. A night
/// in which nothing ran while no board waits is not told.
/// </summary>
internal sealed class NightWatch(IDatabase database, INightReader nights, ServerOptions options, TimeProvider time, ILogger<NightWatch> log) : BackgroundService
{
    private DateOnly told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(options.ReportLook, time);
        while (await looks.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                Log.NightNotTold(log, exception);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var night = Night.Last(now, time.LocalTimeZone);
        if (night.Date == told || TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, night.Zone).DateTime) < options.ReportAt)
            return;
        var report = await nights.ReadNightAsync(night, cancellationToken);
        // What was not worth telling stays so: agents that leave later on that day are news of the day.
        told = night.Date;
        if (!report.IsWorthTelling)
            return;
        await database.WriteAsync(
            async transaction =>
            {
                await new Announcement(Announcement.NightReport, $"night:{night.Date:yyyy-MM-dd}", report.Sentence, report).WriteAsync(transaction, now);
                return 0;
            },
            cancellationToken);
    }
}
