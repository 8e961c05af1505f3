namespace HilRig.Server.Operations;

/// <summary>
/// Whether the disk takes what agents send. Without room no new run begins; those that go on keep their events at their agents until there is
/// room again, and everything stored can be read.
/// </summary>
public sealed class DiskRoom(string directory, Func<string, long> freeBytes)
{
    /// <summary>An evening's events of a few boards.</summary>
    public const long LeastBytes = 200L << 20;

    private volatile string? lastFailure;

    /// <summary>Null, or why no new run begins, in words.</summary>
    public string? Refusal
    {
        get
        {
            if (lastFailure is { } failure)
                return $"events cannot be stored ({failure}); what is stored can be read";
            var free = freeBytes(directory);
            return free >= LeastBytes ? null : $"the server's disk has {free >> 20} MB left, {LeastBytes >> 20} are wanted; make room on it";
        }
    }

    /// <summary>What the last transaction of events met with; null when it is on disk.</summary>
    public void Note(string? failure) => lastFailure = failure;

    /// <summary>Of the disk that holds the directory.</summary>
    public static long FreeBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;
}
