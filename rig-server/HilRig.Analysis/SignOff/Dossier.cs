using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>A sign-off's complete record: the plan, every event, the figures, the page, each chained to the one before by its digest.</summary>
/// <remarks>
/// <code>
/// format.txt · plan.json · events/RUN.jsonl … · figures.json · dossier.html · chain.txt · approvals.json
/// chain.txt: a line an entry: SHA-256 of (the line's digest before, name, SHA-256 of the content), then the name
/// </code>
/// The zip is stored without compression and without times, so that the same contents are the same bytes. Who can write the
/// file can also write a new chain: the approvals, and the head that people wrote down, are what ties it to them.
/// </remarks>
public sealed record Dossier(SignOffPlan Plan, IReadOnlyDictionary<string, byte[]> Events, IReadOnlyList<SignOffApproval> Approvals)
{
    /// <summary>Stricter than where events are passed on: one that lacks a field is refused, not read as if it were empty.</summary>
    internal static readonly JsonSerializerOptions Strict = new(RunJson.Options) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <summary>What the file is and how its entries are to be read; a later one is refused, not guessed at.</summary>
    public const int FormatVersion = 2;

    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<SignOffSample> Samples => SignOffSamples.From(ReadEvents(), Plan);

    public SignOffFigures Figures
    {
        get
        {
            var runs = new List<RunStarted>();
            return SignOffFigures.Of(Plan, Samples, Exposure.Of(ReadEvents().Where(runEvent => IsOfTheRelease(runEvent, runs)))) with { Agents = AgentSoftware.Of(runs) };
        }
    }

    /// <summary>Passes the events of the release's own runs, not those of the control, and notes every run.</summary>
    private bool IsOfTheRelease(RunEvent runEvent, List<RunStarted> runs)
    {
        if (runEvent.Body is RunStarted started)
            runs.Add(started);
        return runs.Count == 0 || runs[^1].Release == Plan.Release;
    }

    /// <summary>Every event of every run.</summary>
    public IEnumerable<RunEvent> ReadEvents()
    {
        foreach (var (name, content) in Events.OrderBy(run => run.Key, StringComparer.Ordinal))
        {
            using var lines = new StreamReader(new MemoryStream(content), Encoding.UTF8);
            for (var number = 1L; lines.ReadLine() is { } line; number++)
                yield return ReadEvent(line, name, number);
        }
    }

    /// <summary>Contents by name, without chain and approvals.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Contents()
    {
        var figures = Figures;
        return
        [
            ("format.txt", Encoding.UTF8.GetBytes($"hilrig-dossier {FormatVersion}\n")),
            ("plan.json", Plan.ToJson()),
            .. Events.OrderBy(run => run.Key, StringComparer.Ordinal).Select(run => ("events/" + run.Key, run.Value)),
            ("figures.json", figures.ToJson()),
            ("dossier.html", Encoding.UTF8.GetBytes(DossierPage.Of(this, figures))),
        ];
    }

    /// <summary>The chain's lines over these contents.</summary>
    public static string Chain(IEnumerable<(string Name, byte[] Content)> contents)
    {
        var chain = new StringBuilder();
        var link = "";
        foreach (var (name, content) in contents)
        {
            link = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{link}\n{name}\n{Convert.ToHexStringLower(SHA256.HashData(content))}")));
            chain.Append(link).Append(' ').Append(name).Append('\n');
        }
        return chain.ToString();
    }

    /// <summary>The last link: what people approve.</summary>
    public static string Head(string chain) => chain.TrimEnd('\n').Split('\n')[^1].Split(' ')[0];

    public byte[] ToZip() => ToZip(Contents(), Approvals);

    /// <summary>Contents as they once were, with people's word for them.</summary>
    public static byte[] ToZip(IReadOnlyList<(string Name, byte[] Content)> contents, IReadOnlyList<SignOffApproval> approvals) =>
        Pack([.. contents, ("chain.txt", Encoding.UTF8.GetBytes(Chain(contents))), ("approvals.json", JsonSerializer.SerializeToUtf8Bytes(approvals, RunJson.Options))]);

    /// <summary>A zip of these entries: the same entries are the same bytes.</summary>
    public static byte[] Pack(IReadOnlyList<(string Name, byte[] Content)> entries)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = NoTime;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }
        return memory.ToArray();
    }

    /// <summary>The entries of a zip, in its order. Throws <see cref="BadInputException"/> where it is none.</summary>
    public static IReadOnlyList<(string Name, byte[] Content)> Unpack(byte[] zip, string name)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
            return [.. archive.Entries.Select(entry => (entry.FullName, ReadEntry(entry)))];
        }
        catch (InvalidDataException exception)
        {
            throw new BadInputException($"{name}: not a readable zip: {exception.Message}");
        }
    }

    private static byte[] ReadEntry(ZipArchiveEntry entry)
    {
        using var memory = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static RunEvent ReadEvent(string line, string name, long number)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEvent>(line, Strict) ?? throw BadInputException.At(name, number, 1, "empty; expected an event");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw BadInputException.At(name, number, 1, $"not an event: {exception.Message}");
        }
    }
}
