using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>
/// A run's events on disk, one line each: <code>check | space | json</code>
/// The check is the first 8 hex digits of the JSON's SHA-256, so that a line torn by a crash is seen and cut off.
/// A run that a server ordered begins with one line more, <c>check | space | {"epoch":n,"order":{…}}</c>: the lease and the order must outlive the agent.
/// An event is on disk before anybody else hears of it. What <see cref="Note"/> writes survives the agent's death at once and the machine's
/// with the next <see cref="Append"/>, before which nothing is done or said: one wait for the disk serves several events. In memory stands only where each line begins, so that
/// a night of a million events weighs some megabytes.
/// </summary>
public sealed class RunJournal : IDisposable
{
    public const string Extension = ".journal";

    private const int JsonStart = 9;
    private const string HeadingStart = "{\"epoch\":";

    private readonly FileStream file;
    private readonly List<long> starts = [];
    private readonly List<RunEvent> noted = [];
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private long end;
    private int synced;
    private bool hasEnded;

    private RunJournal(string runId, FileStream file, TimeProvider time)
    {
        RunId = runId;
        this.file = file;
        this.time = time;
    }

    /// <summary>Raised after an event is on disk, in order.</summary>
    public event Action<RunEvent>? Appended;

    public string RunId { get; }

    /// <summary>Epoch of the lease under which the run was ordered; 0 where no server ordered it.</summary>
    public long Epoch { get; private set; }

    /// <summary>The server's order; null where none ordered it, or an agent before 0.2 wrote it.</summary>
    public RunOrder? Order { get; private set; }

    /// <summary>Number of the last event that is on disk for good.</summary>
    public long LastNumber
    {
        get
        {
            lock (gate)
                return synced;
        }
    }

    public bool HasEnded
    {
        get
        {
            lock (gate)
                return hasEnded;
        }
    }

    /// <summary>
    /// Begins a journal; the run must be new in <paramref name="folder"/>. Throws <see cref="JournalException"/> where the disk does not take it, and leaves
    /// no file then: the order may come again.
    /// </summary>
    public static RunJournal Create(string folder, string runId, TimeProvider time, long epoch = 0, RunOrder? order = null)
    {
        Directory.CreateDirectory(folder);
        var journal = new RunJournal(runId, OpenFile(folder, runId, FileMode.CreateNew), time) { Epoch = epoch, Order = order };
        try
        {
            if (epoch != 0)
            {
                journal.WriteLine(JsonSerializer.Serialize(new Heading(epoch, order), RunJson.Options));
                journal.Sync();
            }
            return journal;
        }
        catch
        {
            journal.Delete();
            throw;
        }
    }

    /// <summary>Opens a journal that an earlier agent left; a torn tail is cut off. Throws <see cref="IOException"/> while another process writes it.</summary>
    public static RunJournal Open(string folder, string runId, TimeProvider time)
    {
        var journal = new RunJournal(runId, OpenFile(folder, runId, FileMode.Open), time);
        try
        {
            journal.ReadAll();
            journal.synced = journal.starts.Count;
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>The runs with a journal in <paramref name="folder"/>.</summary>
    public static IReadOnlyList<string> List(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Numbers an event, writes it through to the disk and announces it; throws <see cref="JournalException"/> where the disk does not take it.</summary>
    public RunEvent Append(RunEventBody body)
    {
        RunEvent runEvent;
        List<RunEvent> news;
        lock (gate)
        {
            runEvent = Write(body);
            noted.Add(runEvent);
            Sync();
            news = [.. noted];
            noted.Clear();
            synced = starts.Count;
            hasEnded = body is RunEnded;
        }
        foreach (var one in news)
            Appended?.Invoke(one);
        return runEvent;
    }

    /// <summary>Numbers and writes an event that the next <see cref="Append"/> takes to the disk and announces with its own.</summary>
    public void Note(RunEventBody body)
    {
        lock (gate)
            noted.Add(Write(body));
    }

    /// <summary>The lease under which the run goes on, until this process ends.</summary>
    public void Renew(long epoch) => Epoch = epoch;

    /// <summary>Whether the journal's disk has that much room left.</summary>
    public bool HasRoomFor(long bytes) => new DriveInfo(Path.GetDirectoryName(file.Name)!).AvailableFreeSpace >= bytes;

    /// <summary>
    /// Events after <paramref name="number"/>, oldest first, at most <paramref name="limit"/> and, after the first, <paramref name="mostBytes"/> of JSON; read
    /// back from the file.
    /// </summary>
    public IReadOnlyList<RunEvent> ReadAfter(long number, int limit, long mostBytes = long.MaxValue)
    {
        lock (gate)
        {
            var events = new List<RunEvent>();
            for (var index = (int)number; index < synced && events.Count < limit && (events.Count == 0 || EndOf(index) - starts[(int)number] <= mostBytes); index++)
                events.Add(ReadAt(index));
            return events;
        }
    }

    /// <summary>Removes the file; only after everything in it is stored elsewhere.</summary>
    public void Delete()
    {
        file.Dispose();
        File.Delete(file.Name);
    }

    public void Dispose() => file.Dispose();

    /// <summary>Unbuffered, so that a write that failed leaves nothing behind to be written later; to one process alone.</summary>
    private static FileStream OpenFile(string folder, string runId, FileMode mode) =>
        new(Path.Combine(folder, runId + Extension), mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    private static string Check(string json) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 4));

    /// <summary>Answers where the line begins.</summary>
    private long WriteLine(string json)
    {
        var line = Encoding.UTF8.GetBytes($"{Check(json)} {json}\n");
        try
        {
            file.Position = end;
            file.Write(line);
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // .NET's name for EFBIG is ArgumentOutOfRangeException. What was written of the line must not stand after the run's end.
            file.SetLength(end);
            throw Full(exception);
        }
        var start = end;
        end += line.Length;
        return start;
    }

    private RunEvent Write(RunEventBody body)
    {
        if (hasEnded)
            throw new InvalidOperationException($"run {RunId} has ended; {body.GetType().Name} cannot follow");
        var runEvent = new RunEvent(RunId, starts.Count + 1, time.GetUtcNow(), body);
        starts.Add(WriteLine(JsonSerializer.Serialize(runEvent, RunJson.Options)));
        return runEvent;
    }

    /// <summary>A machine that loses power must not have told the server of an event that its own disk never got.</summary>
    private void Sync()
    {
        try
        {
            file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw Full(exception);
        }
    }

    private JournalException Full(Exception exception) =>
        new($"run {RunId}: its journal {file.Name} cannot be written: {exception.Message}; make room on that disk", exception);

    private long EndOf(int index) => index + 1 < starts.Count ? starts[index + 1] : end;

    private RunEvent ReadAt(int index)
    {
        var line = new byte[EndOf(index) - starts[index]];
        file.Position = starts[index];
        file.ReadExactly(line);
        return JsonSerializer.Deserialize<RunEvent>(line.AsSpan(JsonStart), RunJson.Options)!;
    }

    private void ReadAll()
    {
        var length = file.Length;
        using (var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true))
        {
            while (reader.ReadLine() is { } line && Take(line))
                end += Encoding.UTF8.GetByteCount(line) + 1;
        }
        file.SetLength(Math.Min(end, length));
        if (end > length)
        {
            file.Position = length;
            file.WriteByte((byte)'\n');
        }
    }

    private bool Take(string line)
    {
        if (line.Length <= JsonStart || !line.AsSpan(0, JsonStart - 1).SequenceEqual(Check(line[JsonStart..])))
            return false;
        var json = line.AsSpan(JsonStart);
        if (end == 0 && json.StartsWith(HeadingStart))
        {
            var heading = JsonSerializer.Deserialize<Heading>(json, RunJson.Options)!;
            (Epoch, Order) = (heading.Epoch, heading.Order);
            return true;
        }
        var runEvent = JsonSerializer.Deserialize<RunEvent>(json, RunJson.Options);
        if (runEvent is null || runEvent.Number != starts.Count + 1)
            return false;
        starts.Add(end);
        hasEnded = runEvent.Body is RunEnded;
        return true;
    }

    private sealed record Heading(long Epoch, RunOrder? Order);
}
