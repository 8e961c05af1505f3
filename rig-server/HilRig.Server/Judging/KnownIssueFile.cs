using HilRig.Analysis.Flags;
using HilRig.Model;
using HilRig.Model.Flags;

namespace HilRig.Server.Judging;

/// <summary>The rules of known issues that the server was given, read again when the file changes. A file that has become unreadable leaves the last rules.</summary>
public sealed class KnownIssueFile
{
    private readonly string? path;
    private readonly TimeProvider time;
    private readonly ILogger<KnownIssueFile> log;
    private readonly Lock gate = new();
    private KnownIssues rules = new([]);
    private DateTime written;

    /// <summary>Throws <see cref="BadInputException"/> for a file that cannot be used at the start.</summary>
    public KnownIssueFile(ServerOptions options, TimeProvider time, ILogger<KnownIssueFile> log)
    {
        (path, this.time, this.log) = (options.KnownIssues, time, log);
        if (path is not null)
            Load();
    }

    /// <summary>The flags, each with the rule that holds for it today; none is ever hidden by one.</summary>
    public IReadOnlyList<Flag> Beside(IReadOnlyList<Flag> flags)
    {
        var known = Current();
        var today = DateOnly.FromDateTime(time.GetLocalNow().Date);
        return known.Rules.Count == 0 ? flags : [.. flags.Select(flag => flag with { Known = known.Find(flag.Fingerprint, flag.Release, today) })];
    }

    private KnownIssues Current()
    {
        lock (gate)
        {
            if (path is null || File.GetLastWriteTimeUtc(path) == written)
                return rules;
            try
            {
                Load();
            }
            catch (BadInputException exception)
            {
                Log.KnownIssuesUnreadable(log, exception.Message);
            }
            return rules;
        }
    }

    private void Load()
    {
        written = File.GetLastWriteTimeUtc(path!);
        try
        {
            rules = KnownIssues.Parse(path!, File.ReadAllText(path!));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}); expected rules of known issues");
        }
    }
}
