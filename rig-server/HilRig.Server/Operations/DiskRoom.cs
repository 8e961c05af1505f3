namespace HilRig.Server.Operations;

/// <summary>
/// Whether the disk takes what agents send. Without room no new run begins; those that go on keep their events at their agents until there is
/// room again, and everything stored can be read.
/// </summary>
public sealed class DiskRoom(string directory, Func<string, long> freeBytes, TimeProvider time)
{
    /// <summary>An evening's events of a few boards.</summary>
    public const long LeastBytes = 200L << 20;

    /// <summary>
    /// How long a failure speaks for the disk. An agent that has events sends them again within less; where none is left that has, the next
    /// order finds out by itself.
    /// </summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(15);

    private volatile Failure? lastFailure;

    private sealed record Failure(string Words, long Since);

    /// <summary>Null, or why no new run begins, in words.</summary>
    public string? Refusal => lastFailure is { } failure && time.GetElapsedTime(failure.Since) < Memory
        ? $"events cannot be stored ({failure.Words}); what is stored can be read"
        : Shortage;

    /// <summary>Null, or that the disk is nearly full, in words. What must be stored before events can be asks for this alone: a failure of theirs ends with theirs.</summary>
    public string? Shortage
    {
        get
        {
            var free = freeBytes(directory);
            return free >= LeastBytes ? null : $"the server's disk has {free >> 20} MB left, {LeastBytes >> 20} are wanted; make room on it";
        }
    }

    /// <summary>What the last transaction of events met with; null when it is on disk.</summary>
    public void Note(string? failure) => lastFailure = failure is null ? null : new Failure(failure, time.GetTimestamp());

    /// <summary>Of the disk that holds the directory.</summary>
    public static long FreeBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;
}
