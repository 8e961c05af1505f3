using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>
/// A run's events on disk, one line each: <code>check | space | json</code>
/// The check is the first 8 hex digits of the JSON's SHA-256, so that a line torn by a crash is seen and cut off.
/// An event is on disk before anybody else hears of it.
/// </summary>
public sealed class RunJournal : IDisposable
{
    public const string Extension = ".journal";

    private readonly FileStream file;
    private readonly List<RunEvent> events;
    private readonly TimeProvider time;
    private readonly Lock gate = new();

    private RunJournal(string runId, FileStream file, List<RunEvent> events, TimeProvider time)
    {
        RunId = runId;
        this.file = file;
        this.events = events;
        this.time = time;
    }

    /// <summary>Raised after an event is on disk.</summary>
    public event Action<RunEvent>? Appended;

    public string RunId { get; }

    public long LastNumber
    {
        get
        {
            lock (gate)
                return events.Count;
        }
    }

    public bool HasEnded
    {
        get
        {
            lock (gate)
                return events.Count > 0 && events[^1].Body is RunEnded;
        }
    }

    /// <summary>Begins a journal; the run must be new in <paramref name="folder"/>.</summary>
    public static RunJournal Create(string folder, string runId, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(PathOf(folder, runId), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        return new RunJournal(runId, file, [], time);
    }

    /// <summary>Opens a journal that an earlier agent left; a torn tail is cut off.</summary>
    public static RunJournal Open(string folder, string runId, TimeProvider time)
    {
        var file = new FileStream(PathOf(folder, runId), FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var events = Read(file, out var goodLength);
        var endsWithoutLineBreak = goodLength > file.Length;
        file.SetLength(Math.Min(goodLength, file.Length));
        file.Seek(0, SeekOrigin.End);
        if (endsWithoutLineBreak)
            file.WriteByte((byte)'\n');
        return new RunJournal(runId, file, events, time);
    }

    /// <summary>The runs with a journal in <paramref name="folder"/>.</summary>
    public static IReadOnlyList<string> List(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Numbers an event, writes it through to the disk and announces it.</summary>
    public RunEvent Append(RunEventBody body)
    {
        RunEvent runEvent;
        lock (gate)
        {
            runEvent = new RunEvent(RunId, events.Count + 1, time.GetUtcNow(), body);
            var json = JsonSerializer.Serialize(runEvent, RunJson.Options);
            file.Write(Encoding.UTF8.GetBytes($"{Check(json)} {json}\n"));
            file.Flush(flushToDisk: body is StepEnded or CycleEnded or RunEnded);
            events.Add(runEvent);
        }
        Appended?.Invoke(runEvent);
        return runEvent;
    }

    /// <summary>Events after <paramref name="number"/>, oldest first, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<RunEvent> ReadAfter(long number, int limit)
    {
        lock (gate)
            return events.Skip((int)number).Take(limit).ToList();
    }

    /// <summary>Removes the file; only after everything in it is stored elsewhere.</summary>
    public void Delete()
    {
        file.Dispose();
        File.Delete(file.Name);
    }

    public void Dispose() => file.Dispose();

    private static string PathOf(string folder, string runId) => Path.Combine(folder, runId + Extension);

    private static string Check(string json) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 4));

    private static List<RunEvent> Read(FileStream file, out long goodLength)
    {
        var events = new List<RunEvent>();
        goodLength = 0;
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length < 10 || !line.AsSpan(0, 8).SequenceEqual(Check(line[9..])))
                break;
            var runEvent = JsonSerializer.Deserialize<RunEvent>(line.AsSpan(9), RunJson.Options);
            if (runEvent is null || runEvent.Number != events.Count + 1)
                break;
            events.Add(runEvent);
            goodLength += Encoding.UTF8.GetByteCount(line) + 1;
        }
        return events;
    }
}
