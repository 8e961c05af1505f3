using System.Collections.Concurrent;
using System.Text;
using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.SignOffs;
using HilRig.Server.Storage;

namespace HilRig.Server.SignOffs;

/// <summary>Counts sign-offs from the stored events, and takes people's word for them.</summary>
/// <remarks>A count reads every event of its runs; it is kept until there are others, and at least for <see cref="Fresh"/>.</remarks>
public sealed class SignOffDesk(SignOffStore store, KeptDossiers kept, IRunStore runs, TimeProvider time) : ISignOffReader
{
    private const int EventsAtOnce = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Counted> counts = new(StringComparer.Ordinal);

    /// <param name="Stamp">Changes with plan, runs and events.</param>
    private sealed record Counted(string Stamp, DateTimeOffset At, SignOffCount? Count, string? Trouble);

    public async Task<IReadOnlyList<SignOffView>> ListSignOffsAsync(CancellationToken cancellationToken)
    {
        var views = new List<SignOffView>();
        foreach (var signOff in await store.ListAsync(cancellationToken))
            views.Add(await ToViewAsync(signOff, cancellationToken));
        return views;
    }

    public async Task<SignOffView?> FindSignOffAsync(string release, CancellationToken cancellationToken) =>
        await store.FindOfReleaseAsync(release, cancellationToken) is { } signOff ? await ToViewAsync(signOff, cancellationToken) : null;

    /// <summary>The dossier's zip: what the first word was given for or, before that, what there is now. Throws <see cref="BadInputException"/> where events are gone.</summary>
    public async Task<byte[]> PackAsync(StoredSignOff signOff, CancellationToken cancellationToken)
    {
        var approvals = await store.ListApprovalsAsync(signOff.Id, cancellationToken);
        return Dossier.ToZip(await ReadContentsAsync(signOff, approvals, cancellationToken), approvals);
    }

    /// <summary>The page of the same.</summary>
    public async Task<string> ReadPageAsync(StoredSignOff signOff, CancellationToken cancellationToken)
    {
        var contents = await ReadContentsAsync(signOff, await store.ListApprovalsAsync(signOff.Id, cancellationToken), cancellationToken);
        return Encoding.UTF8.GetString(contents.First(entry => entry.Name == "dossier.html").Content);
    }

    /// <summary>Gives one person's word: the first for the contents as they are now, the second for the same. Throws <see cref="BadInputException"/> where there is nothing to approve.</summary>
    public async Task<SignOffView> ApproveAsync(StoredSignOff signOff, string name, CancellationToken cancellationToken)
    {
        var counted = await store.ListRunsAsync(signOff, cancellationToken);
        if (counted.FirstOrDefault(run => !run.HasEnded) is { } open)
            throw new BadInputException($"{open.RunId} goes on; what is approved must stand still: let it end, or stop it");
        var names = counted.Select(run => run.RunId).ToList();
        var contents = await kept.FindAsync(await store.ListApprovalsAsync(signOff.Id, cancellationToken), cancellationToken);
        if (contents is null)
        {
            var dossier = await ReadDossierAsync(signOff with { Runs = names }, cancellationToken);
            if (dossier.Figures is { State: not SignOffState.Met } figures)
                throw new BadInputException($"nothing to approve yet: {figures.State.ToString().ToLowerInvariant()}; {figures.Describe(signOff.Plan)}");
            contents = dossier.Contents();
        }
        var head = Dossier.Head(Dossier.Chain(contents));
        await kept.KeepAsync(head, contents, cancellationToken);
        if (!await store.ApproveAsync(signOff, names, new SignOffApproval(name, "qa", time.GetUtcNow(), head), cancellationToken))
            throw new BadInputException($"{name} has approved this before; the second word must be another person's");
        return (await FindSignOffAsync(signOff.Plan.Release, cancellationToken))!;
    }

    private async Task<SignOffView> ToViewAsync(StoredSignOff signOff, CancellationToken cancellationToken)
    {
        var members = await store.ListRunsAsync(signOff, cancellationToken);
        var approvals = await store.ListApprovalsAsync(signOff.Id, cancellationToken);
        var stamp = $"{signOff.Plan.Digest} {signOff.RegisteredAt:O} {members.Count} {members.Sum(run => run.Position)}";
        if (!counts.TryGetValue(signOff.Id, out var counted) || (counted.Stamp != stamp && time.GetUtcNow() - counted.At >= Fresh))
            counts[signOff.Id] = counted = await CountAsync(signOff, stamp, cancellationToken);
        return SignOffCount.ToView(signOff, members, approvals, kept.HeadOf(approvals), counted.Count, counted.Trouble, counted.At);
    }

    private async Task<IReadOnlyList<(string Name, byte[] Content)>> ReadContentsAsync(StoredSignOff signOff, IReadOnlyList<SignOffApproval> approvals, CancellationToken cancellationToken) =>
        await kept.FindAsync(approvals, cancellationToken) ?? (await ReadDossierAsync(signOff, cancellationToken)).Contents();

    private async Task<Dossier> ReadDossierAsync(StoredSignOff signOff, CancellationToken cancellationToken)
    {
        var events = new Dictionary<string, byte[]>();
        foreach (var run in await store.ListRunsAsync(signOff, cancellationToken))
            events[$"{run.RunId}.jsonl"] = await ReadLinesAsync(run, cancellationToken);
        return new Dossier(signOff.Plan, events, []);
    }

    private async Task<Counted> CountAsync(StoredSignOff signOff, string stamp, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        try
        {
            return new Counted(stamp, at, SignOffCount.Of(await ReadDossierAsync(signOff, cancellationToken)), null);
        }
        catch (BadInputException exception)
        {
            return new Counted(stamp, at, null, exception.Message);
        }
    }

    private async Task<byte[]> ReadLinesAsync(SignOffRun run, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        var number = 0L;
        while (await runs.ReadEventsAsync(run.RunId, number, EventsAtOnce, cancellationToken) is { Count: > 0 } events)
        {
            foreach (var runEvent in events)
                lines.Append(StoredText.ToJson(runEvent)).Append('\n');
            number = events[^1].Number;
        }
        return number >= run.Position
            ? Encoding.UTF8.GetBytes(lines.ToString())
            : throw new BadInputException($"run {run.RunId}: {number} of its {run.Position} events are stored; the others were deleted when their time was over (--keep-events)");
    }
}
