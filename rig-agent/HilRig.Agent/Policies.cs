using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace HilRig.Agent;

/// <summary>
/// Every deadline and retry of the agent's external calls, in one place. Nothing here repeats what a board was asked to do:
/// the bootloader's deadlines stand in <see cref="Bootloader.BootloaderTimeouts"/>, and it has no retry; the probe's stand in
/// <see cref="Probe.ProbeTimeouts"/>.
/// </summary>
public static class Policies
{
    /// <summary>A question to a power supply.</summary>
    public static ResiliencePipeline Supply { get; } = new ResiliencePipelineBuilder()
        .AddRetry(Retry(2, TimeSpan.FromMilliseconds(200), exception => exception is IOException or System.Net.Sockets.SocketException or TimeoutRejectedException))
        .AddTimeout(TimeSpan.FromSeconds(3))
        .Build();

    /// <summary>A program that switches or measures power; not repeated.</summary>
    public static ResiliencePipeline PowerCommand { get; } = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(15)).Build();

    /// <summary>How long a switched supply may take to be off or on, by whatever measures it.</summary>
    public static TimeSpan PowerSettles => TimeSpan.FromSeconds(5);

    /// <summary>Starting pyOCD until it answers; each attempt is a new process with a deadline of its own.</summary>
    public static ResiliencePipeline ProbeStart { get; } = new ResiliencePipelineBuilder()
        .AddRetry(Retry(2, TimeSpan.FromMilliseconds(300), exception => exception is Probe.ProbeException { IsWorthRestart: true }))
        .Build();

    /// <summary>A pyOCD command that reads: repeated once in a new process. What changes the board is never repeated.</summary>
    public static ResiliencePipeline ProbeRead { get; } = new ResiliencePipelineBuilder()
        .AddRetry(Retry(1, TimeSpan.Zero, exception => exception is Probe.ProbeException { IsWorthRestart: true }))
        .Build();

    /// <summary>Reading who a board is, before a run begins; each repetition is noted in the run. <paramref name="noted"/> hears of it.</summary>
    public static ResiliencePipeline Identification(Action<Exception> noted)
    {
        var retry = Retry(4, TimeSpan.FromMilliseconds(200), exception => exception is Bootloader.LinkSilenceException or Bootloader.LinkProtocolException);
        retry.OnRetry = arguments =>
        {
            noted(arguments.Outcome.Exception!);
            return ValueTask.CompletedTask;
        };
        return new ResiliencePipelineBuilder().AddRetry(retry).Build();
    }

    /// <summary>Bringing one content to the server; what fails then is tried again with its batch.</summary>
    public static ResiliencePipeline Upload { get; } = new ResiliencePipelineBuilder()
        .AddRetry(Retry(2, TimeSpan.FromMilliseconds(500), exception => exception is HttpRequestException or TimeoutRejectedException))
        .AddTimeout(TimeSpan.FromSeconds(30))
        .Build();

    /// <summary>Fetching an image from the server.</summary>
    public static ResiliencePipeline Download { get; } = new ResiliencePipelineBuilder()
        .AddRetry(Retry(4, TimeSpan.FromMilliseconds(500), exception => exception is HttpRequestException or TimeoutRejectedException))
        .AddTimeout(TimeSpan.FromSeconds(30))
        .Build();

    /// <summary>Storing a batch of events on the server.</summary>
    public static TimeSpan AppendDeadline => TimeSpan.FromSeconds(15);

    /// <summary>Reaching the server's hub: a host that accepts and says nothing must not hold the agent for ever.</summary>
    public static TimeSpan ConnectDeadline => TimeSpan.FromSeconds(10);

    /// <summary>A connection that lived so long, or brought one acknowledgement, was a good one: the next attempt comes at once. A server that lets agents in and cannot store is not asked ten times a second.</summary>
    public static TimeSpan SteadyConnection => TimeSpan.FromSeconds(10);

    /// <summary>
    /// A whole step, on top of what it waits by intention. Every wait inside it has a shorter deadline, so only what nobody thought of meets
    /// this one: a megabyte written at 19,200 baud and read back takes 23 minutes.
    /// </summary>
    public static TimeSpan StepDeadline => TimeSpan.FromMinutes(30);

    /// <summary>Giving a board power and its boot pin back at the end of a run.</summary>
    public static TimeSpan SafetyDeadline => TimeSpan.FromSeconds(20);

    /// <summary>Below this much room on the journal's disk a run ends, while its last evidence and its end still fit: bytes.</summary>
    public static long KeepFree => 64L << 20;

    /// <summary>Wait before a run's end, or its beginning, is tried again on a disk that took no line.</summary>
    public static TimeSpan JournalRetryDelay => TimeSpan.FromSeconds(10);

    /// <summary>All that witnesses say and evidence shows of one failure; less than a signal leaves the process (Program).</summary>
    public static TimeSpan EvidenceDeadline => TimeSpan.FromSeconds(25);

    /// <summary>The witnesses' share of <see cref="EvidenceDeadline"/>: a dead probe must not leave the rest no time.</summary>
    public static TimeSpan WitnessDeadline => TimeSpan.FromSeconds(12);

    /// <summary>Wait before the next attempt to reach the server: 100 ms, doubling up to 5 s, for ever.</summary>
    public static TimeSpan ReconnectDelay(long attempt) => TimeSpan.FromMilliseconds(Math.Min(5000, 100 * Math.Pow(2, Math.Min(attempt, 10))));

    private static RetryStrategyOptions Retry(int attempts, TimeSpan delay, Func<Exception, bool> handles) => new()
    {
        MaxRetryAttempts = attempts,
        Delay = delay,
        BackoffType = DelayBackoffType.Exponential,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } exception && handles(exception)),
    };
}
