using HilRig.Model.Flags;
using HilRig.Server.Judging;
using HilRig.Server.Storage;

namespace HilRig.Server.Webhooks;

/// <summary>Announces a failure that the analysis holds against the product, or one board, for the first time.</summary>
internal sealed class FlagWatch(IDatabase database, WebhookStore webhooks, FlagBook flags, TimeProvider time, ILogger<FlagWatch> log) : BackgroundService
{
    // Judging everything takes its time, and what comes in waits for it.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> known = [];
    private IReadOnlyList<Flag> seen = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Half a history makes flags that the whole one does not.
        await flags.Complete.WaitAsync(stoppingToken);
        using var looks = new PeriodicTimer(Look, time);
        while (await looks.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await webhooks.HasAnyAsync(stoppingToken))
                    await AnnounceAsync(flags.Read(), stoppingToken);
            }
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                Log.WebhooksNotRead(log, exception);
            }
        }
    }

    private async Task AnnounceAsync(IReadOnlyList<Flag> judged, CancellationToken cancellationToken)
    {
        // The book answers the same list for as long as no sample came.
        if (ReferenceEquals(judged, seen))
            return;
        foreach (var flag in judged.Where(flag => flag.IsAccusing && !known.Contains(flag.Id)))
        {
            var text = $"{flag.Fingerprint} in {flag.Sequence}, release {flag.Release}: {flag.Rate}";
            await database.WriteAsync(
                async transaction =>
                {
                    await new Announcement(Announcement.FlagNew, Announcement.SubjectOf(flag), text, flag).WriteAsync(transaction, time.GetUtcNow());
                    return 0;
                },
                cancellationToken);
            known.Add(flag.Id);
        }
        seen = judged;
    }
}
