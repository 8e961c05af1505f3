using HilRig.Server.Storage;

namespace HilRig.Server.Judging;

/// <summary>Feeds the stored samples to the judge before anybody can connect, so that none comes in twice or is missed.</summary>
public sealed class FlagBookLoader(IRunStore store, FlagBook flags) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => flags.CatchUpAsync(store, null, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
