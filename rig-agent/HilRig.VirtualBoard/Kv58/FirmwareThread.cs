using System.Runtime.CompilerServices;

namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// The core's one thread of execution. Firmware is written as straight-line asynchronous code that awaits a byte or a
/// moment here; it is resumed by <see cref="Step"/> and by nothing else, so it makes no progress while the core is
/// halted and it is simply dropped at a reset, wherever it stands.
/// </summary>
public sealed class FirmwareThread
{
    private Func<ValueTask>? entry;
    private Task? running;
    private Action? resume;
    private long deadline;
    private bool wantsByte;
    private bool gotByte;

    /// <summary>When <see cref="Step"/> next has something to do without a byte; <see cref="BoardClock.Never"/> if never.</summary>
    public long Deadline => entry is not null ? 0 : resume is null ? BoardClock.Never : deadline;

    /// <summary>More bytes have arrived than were handed over yet: no wait for a byte runs out before they are.</summary>
    public bool HasMoreBytes { get; set; }

    /// <summary>Forgets what ran and begins at <paramref name="code"/> with the next step; null leaves the core spinning.</summary>
    public void Start(Func<ValueTask>? code)
    {
        entry = code;
        running = null;
        resume = null;
    }

    /// <summary>Waits for time only.</summary>
    public Wait Until(long moment) => Prepare(moment, byteToo: false);

    /// <summary>Waits for a received byte; the result is false when <paramref name="moment"/> came first.</summary>
    public Wait ByteOrUntil(long moment) => Prepare(moment, byteToo: true);

    /// <summary>Never returns: an endless loop in the firmware.</summary>
    public Wait Forever() => Prepare(BoardClock.Never, byteToo: false);

    /// <summary>Runs the firmware to its next wait; false if it has nothing to run for yet.</summary>
    public bool Step(long now, bool byteWaiting)
    {
        // Firmware goes on right here, on whichever thread steps the chip: a context that a caller brought along must not post it elsewhere.
        var context = SynchronizationContext.Current;
        if (context is null)
            return Run(now, byteWaiting);
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Run(now, byteWaiting);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private bool Run(long now, bool byteWaiting)
    {
        if (entry is { } begin)
        {
            entry = null;
            running = begin().AsTask();
        }
        else if (resume is { } next && ((wantsByte && byteWaiting) || (deadline <= now && !(wantsByte && HasMoreBytes))))
        {
            resume = null;
            gotByte = wantsByte && byteWaiting;
            next();
        }
        else
        {
            return false;
        }
        if (running is { IsFaulted: true })
            running.GetAwaiter().GetResult();
        return true;
    }

    private Wait Prepare(long moment, bool byteToo)
    {
        deadline = moment;
        wantsByte = byteToo;
        return new Wait(this);
    }

    /// <summary>What firmware awaits.</summary>
    public readonly struct Wait(FirmwareThread core) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Wait GetAwaiter() => this;

        /// <summary>True when a byte ended the wait.</summary>
        public bool GetResult() => core.gotByte;

        public void OnCompleted(Action continuation) => core.resume = continuation;

        public void UnsafeOnCompleted(Action continuation) => core.resume = continuation;
    }
}
